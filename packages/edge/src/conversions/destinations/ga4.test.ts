import type { CallChange } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import {
  changeOf,
  contextOf,
  integrationOf,
  keptBackBy,
  messageOf,
  NOW,
  type Seen,
} from '../../../test/conversions/fixtures.ts';
import { ga4 } from './ga4.ts';

const integration = integrationOf({ kind: 'ga4', measurementId: 'G-ABC123DEF4' });

/** The Measurement Protocol's limits, which Google itself keeps in silence. */
function collectError({ url, method, text }: Seen): string | null {
  if (url.origin + url.pathname !== 'https://www.google-analytics.com/mp/collect') return 'address';
  if (method !== 'POST' || Buffer.byteLength(text) > 130_000) return 'request';
  if (url.searchParams.get('measurement_id') !== 'G-ABC123DEF4' || url.searchParams.get('api_secret') !== 's3')
    return 'secret';
  const { client_id, timestamp_micros, events, ...rest } = JSON.parse(text);
  if (Object.keys(rest).some((key) => !['non_personalized_ads', 'user_id', 'user_properties', 'consent'].includes(key)))
    return 'field';
  if (!/^\d+\.\d+$/.test(client_id)) return 'client_id';
  const isInTime = timestamp_micros >= (NOW - 72 * 3_600_000) * 1000 && timestamp_micros <= NOW * 1000;
  if (!Number.isInteger(timestamp_micros) || !isInTime) return 'timestamp_micros';
  if (events.length < 1 || events.length > 25) return 'events';
  for (const { name, params } of events) {
    if (!/^[A-Za-z]\w{0,39}$/.test(name) || /^(google_|ga_|firebase_)/.test(name)) return 'event name';
    if (Object.keys(params).length > 25) return 'count of params';
    for (const [key, value] of Object.entries(params)) {
      if (!/^[A-Za-z]\w{0,39}$/.test(key)) return `param name ${key}`;
      if (typeof value !== 'number' && (typeof value !== 'string' || value.length > 100)) return `param ${key}`;
    }
    if ((params.value !== undefined) !== (params.currency !== undefined)) return 'value and currency';
    if (!(params.engagement_time_msec > 0)) return 'engagement_time_msec';
  }
  return null;
}

async function send(change: CallChange) {
  const context = contextOf((seen) => {
    const wrong = collectError(seen);
    return wrong === null ? new Response(null, { status: 204 }) : new Response(wrong, { status: 400 });
  });
  const outcomes = await ga4.send(integration, { apiSecret: 's3' }, [messageOf(change)], context);
  return { outcome: outcomes.get(`d_${change.call.id}`), seen: context.seen };
}

describe('GA4', () => {
  it('takes a call with all that is known of its visit, and no phone number', async () => {
    const { outcome, seen } = await send(changeOf({ value: 250 }));
    expect(outcome).toEqual({ became: 'delivered', status: 204 });
    const body = JSON.parse(seen[0]?.text ?? '');
    expect(body.events).toEqual([
      {
        name: 'phone_call',
        params: {
          call_id: 'CA1',
          engagement_time_msec: 1,
          value: 250,
          currency: 'USD',
          call_status: 'completed',
          duration_seconds: 93,
          first_time: 1,
          call_target: 'main',
          attribution_match: 'active',
          source: 'google',
          medium: 'cpc',
          campaign: 'spring',
          channel: 'Paid Search',
          landing_page: 'https://acme.example/roof',
        },
      },
    ]);
    expect(body.timestamp_micros).toBe(Date.parse('2026-11-24T21:08:38Z') * 1000);
    expect(seen[0]?.text).not.toContain('2125550199');
  });

  it('joins the visitor’s own session in Analytics where the page told it', async () => {
    const visit = {
      device: null,
      country: null,
      tags: { gaClientId: 'GA1.1.444.555', gaSessionId: 1764000000 },
      pageViews: [],
    };
    const { outcome, seen } = await send(changeOf({}, { visit }));
    expect(outcome).toMatchObject({ became: 'delivered' });
    const body = JSON.parse(seen[0]?.text ?? '');
    expect([body.client_id, body.events[0].params.session_id]).toEqual(['444.555', '1764000000']);
  });

  it.each([
    ['GS1.1.1764000000.12.1.1764000100.60.0.0', '1764000000'],
    ['GS2.1.s1764000000$o12$g1$t1764000100$j60$l0$h0', '1764000000'],
    ['GS2.1.s1764000000', '1764000000'],
    ['1764000000', '1764000000'],
    ['GS2.1.s17640000001234567', undefined],
    ['GS9.nonsense', undefined],
    [{ deep: 1 }, undefined],
    [null, undefined],
  ])('reads the session in its own stream’s cookie, %j', async (cookie, expected) => {
    const tags = { _ga: 'GA1.1.444.555', _ga_ABC123DEF4: cookie, _ga_OTHER1234: 'GS1.1.1763000000.1' };
    const { seen } = await send(changeOf({}, { visit: { device: null, country: null, tags, pageViews: [] } }));
    const body = JSON.parse(seen[0]?.text ?? '');
    expect([body.client_id, body.events[0].params.session_id]).toEqual(['444.555', expected]);
  });

  it('takes the page’s own word before the cookies’', async () => {
    const cookies = { _ga: 'GA1.1.444.555', _ga_ABC123DEF4: 'GS1.1.1764000000.1' };
    const tags = { ...cookies, gaClientId: '666.777', gaSessionId: 1764000001 };
    const { seen } = await send(changeOf({}, { visit: { device: null, country: null, tags, pageViews: [] } }));
    const body = JSON.parse(seen[0]?.text ?? '');
    expect([body.client_id, body.events[0].params.session_id]).toEqual(['666.777', '1764000001']);
  });

  it('gives the same visitor the same client id, and another visitor another', async () => {
    const idOf = async (id: string) => {
      const change = changeOf();
      change.call.attribution.visitor = { id, sessions: 1 };
      return JSON.parse((await send(change)).seen[0]?.text ?? '').client_id;
    };
    expect(await idOf('v_1')).toBe(await idOf('v_1'));
    expect(await idOf('v_1')).not.toBe(await idOf('v_2'));
  });

  it('keeps the limits whatever a visitor writes into an address or a tag', async () => {
    const change = changeOf({ target: 't'.repeat(63) });
    const long = '€'.repeat(5000);
    Object.assign(change.call.attribution.session ?? {}, {
      campaign: long,
      term: long,
      content: long,
      landingPage: `https://acme.example/${long}?x`,
    });
    change.visit = {
      device: null,
      country: null,
      tags: { gaClientId: { toString: 1 }, gaSessionId: long },
      pageViews: [],
    };
    expect((await send(change)).outcome).toEqual({ became: 'delivered', status: 204 });
  });

  it('rejects a call older than 72 hours instead of having it dropped in silence', async () => {
    const old = changeOf({ startedAt: new Date(NOW - 73 * 3_600_000).toISOString() });
    expect(keptBackBy(integration, old)).toBe('outside_window');
    const { outcome, seen } = await send(old);
    expect([outcome?.became, seen.length]).toEqual(['rejected', 0]);
  });

  it('has nothing to say of a call without a visit', () => {
    const attribution = {
      match: 'none',
      confidence: 0,
      binding: null,
      session: null,
      visitor: null,
      candidates: [],
    } as const;
    const change = changeOf({ attribution: attribution as never }, { visit: null, clicks: [] });
    expect(keptBackBy(integration, change)).toBe('consent');
    expect(keptBackBy({ ...integration, consent: 'implied' }, change)).toBe('no_visit');
  });

  it('is tried out at the endpoint that only validates', async () => {
    const site = { id: 'acme', name: 'Acme', currency: 'USD', timeZone: 'UTC' } as never;
    const test = async (validationMessages: object[]) => {
      const context = contextOf(({ url, ...seen }) => {
        const real = new URL(url.href.replace('/debug/', '/'));
        const wrong = url.pathname.startsWith('/debug/') ? collectError({ url: real, ...seen }) : 'not a test';
        return wrong ? new Response(wrong, { status: 400 }) : Response.json({ validationMessages });
      });
      return ga4.test(integration, { apiSecret: 's3' }, site, context);
    };
    expect(await test([])).toEqual({ delivered: true, status: 200, detail: null });
    const description = 'Event name is not allowed.';
    expect(await test([{ fieldPath: 'events', description, validationCode: 'NAME_RESERVED' }])).toEqual({
      delivered: false,
      status: 200,
      detail: 'events: Event name is not allowed.',
    });
  });
});
