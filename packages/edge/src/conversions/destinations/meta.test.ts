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
import { meta } from './meta.ts';

const CLICKED_AT = '2026-11-24T20:00:00.000Z';
const CLICK = { name: 'fbclid', value: 'IwAR0aBcD_e-F', at: CLICKED_AT };
const integration = integrationOf({ kind: 'meta', datasetId: '123456' });

const HASH = /^[0-9a-f]{64}$/;
const USER: Record<string, (value: never) => boolean> = {
  ph: (value: string[]) => value.every((each) => HASH.test(each)),
  external_id: (value: string[]) => value.every((each) => each.length > 0),
  fbc: (value: string) => /^fb\.[0-2]\.\d{13}\.[^.\s]+(\.(AQ|Ag|Aw|BA|BQ|Bg|.{8}))?$/.test(value),
  fbp: (value: string) => /^fb\.[0-2]\.\d{13}\.\d+(\.(AQ|Ag|Aw|BA|BQ|Bg|.{8}))?$/.test(value),
};

/** Meta fails the whole request for one bad event. */
function answer({ url, method, text }: Seen): Response {
  const reject = (code: number, message: string) => Response.json({ error: { code, message } }, { status: 400 });
  if (url.href !== 'https://graph.facebook.com/v24.0/123456/events' || method !== 'POST') return reject(100, 'path');
  const { data, access_token, ...rest } = JSON.parse(text);
  if (access_token !== 'EAAB') return reject(190, 'Invalid OAuth access token');
  if (Object.keys(rest).some((key) => key !== 'test_event_code')) return reject(100, 'field');
  if (data.length < 1 || data.length > 1000) return reject(100, 'data');
  for (const event of data) {
    const { event_name, event_time, event_id, action_source, user_data, custom_data, ...more } = event;
    if (Object.keys(more).length > 0 || !event_name || !event_id) return reject(100, 'event');
    if (action_source !== 'phone_call') return reject(100, 'action_source');
    if (!Number.isInteger(event_time) || event_time * 1000 < NOW - 7 * 86_400_000 || event_time * 1000 > NOW)
      return reject(2804003, 'event_time');
    const keys = Object.keys(user_data);
    if (!keys.some((key) => ['ph', 'fbc', 'fbp', 'em'].includes(key))) return reject(2804050, 'user_data');
    for (const key of keys) if (!USER[key]?.(user_data[key] as never)) return reject(100, `user_data.${key}`);
    if (custom_data && (typeof custom_data.value !== 'number' || !/^[A-Z]{3}$/.test(custom_data.currency)))
      return reject(100, 'custom_data');
  }
  return Response.json({ events_received: data.length, fbtrace_id: 'x' });
}

async function send(changes: CallChange[], to = integration, accessToken = 'EAAB') {
  const context = contextOf(answer);
  const outcomes = await meta.send(
    to,
    { accessToken },
    changes.map((each) => messageOf(each)),
    context,
  );
  return { outcomes, events: context.seen.map(({ text }) => JSON.parse(text).data) };
}

describe('Meta Conversions API', () => {
  it('takes a call by its click, whose case and time it keeps', async () => {
    const { outcomes, events } = await send([changeOf({ value: 80 }, { clicks: [CLICK] })]);
    expect(outcomes.get('d_CA1')).toEqual({ became: 'delivered', status: 200 });
    expect(events[0]).toEqual([
      {
        event_name: 'Contact',
        event_time: Date.parse('2026-11-24T21:08:38Z') / 1000,
        event_id: 'CA1',
        action_source: 'phone_call',
        user_data: {
          // printf %s v_1 | sha256sum
          external_id: ['3565225c19d3bc5255ea3e05a9cf4c4a30f4c522867bda2401a3d7709c0414a7'],
          fbc: `fb.1.${Date.parse(CLICKED_AT)}.IwAR0aBcD_e-F`,
        },
        custom_data: { value: 80, currency: 'USD' },
      },
    ]);
  });

  it.each([
    ['four parts', `fb.1.1764000000000.${CLICK.value}`, true],
    ['five parts', `fb.1.1764000000000.${CLICK.value}.AQ`, true],
    ['five parts with a long appendix', `fb.1.1764000000000.${CLICK.value}.AQYCAQIA`, true],
    ['another click', 'fb.1.1764000000000.IwOther', false],
    ['a sixth part', `fb.1.1764000000000.${CLICK.value}.AQ.AQ`, false],
    ['an appendix that is none', `fb.1.1764000000000.${CLICK.value}.zz`, false],
    ['seconds for milliseconds', `fb.1.1764000000.${CLICK.value}`, false],
    ['something else', { a: 1 }, false],
  ])('reads the cookie of a page that told it: %s', async (_, fbc, used) => {
    const visit = { device: null, country: null, tags: { fbc, fbp: 'fb.1.1764000000000.987654321' }, pageViews: [] };
    const { outcomes, events } = await send([changeOf({}, { clicks: [CLICK], visit })]);
    expect(outcomes.get('d_CA1')).toMatchObject({ became: 'delivered' });
    expect(events[0][0].user_data).toMatchObject({
      fbc: used ? fbc : `fb.1.${Date.parse(CLICKED_AT)}.${CLICK.value}`,
      fbp: 'fb.1.1764000000000.987654321',
    });
  });

  it('reads the cookies that the script told, after the page’s own word', async () => {
    const cookies = { _fbp: 'fb.1.1764000000000.987654321', _fbc: 'fb.1.1764000000001.IwAR0_a-b' };
    const userData = async (tags: Record<string, unknown>) => {
      const visit = { device: null, country: null, tags, pageViews: [] };
      return (await send([changeOf({}, { clicks: [], visit })])).events[0][0].user_data;
    };
    expect(await userData(cookies)).toMatchObject({ fbp: cookies._fbp, fbc: cookies._fbc });
    expect(await userData({ ...cookies, fbp: 'fb.1.1764000000002.1' })).toMatchObject({ fbp: 'fb.1.1764000000002.1' });
  });

  it('hashes the caller without the plus, only where it is told to', async () => {
    const to = integrationOf({ kind: 'meta', datasetId: '123456', hashedCaller: true });
    const { events } = await send([changeOf({ from: '+448444124653' }, { clicks: [] })], to);
    // printf %s 448444124653 | sha256sum
    expect(events[0][0].user_data.ph).toEqual(['dc008fda46e2e64002cf2f82a4906236282d431c4f75e5b60bfe79fc48546383']);
    const without = await send([changeOf({}, { clicks: [CLICK] })]);
    expect(without.events[0][0].user_data).not.toHaveProperty('ph');
  });

  it('gets the good calls through though one spoils the request', async () => {
    const good = Array.from({ length: 9 }, (_, n) => changeOf({}, { clicks: [CLICK] }, `CA${n}`));
    const future = changeOf({ startedAt: '2026-11-25T21:08:38.000Z' }, { clicks: [CLICK] }, 'CA9');
    const { outcomes } = await send([...good, future]);
    expect([...outcomes.values()].filter(({ became }) => became === 'delivered')).toHaveLength(9);
    expect(outcomes.get('d_CA9')).toMatchObject({ became: 'rejected', error: 'answered 400: 2804003: event_time' });
  });

  it('waits where the token is rejected: people can mend it', async () => {
    const { outcomes } = await send([changeOf({}, { clicks: [CLICK] })], integration, 'expired');
    expect(outcomes.get('d_CA1')).toMatchObject({ became: 'postponed', error: expect.stringContaining('190') });
  });

  it('does not plan a call that Meta could not match, or that is too old', () => {
    expect(keptBackBy(integration, changeOf({}, { clicks: [CLICK] }))).toBeNull();
    expect(keptBackBy(integration, changeOf())).toBe('no_click_id');
    const old = changeOf({ startedAt: '2026-11-10T00:00:00.000Z' }, { clicks: [CLICK] });
    expect(keptBackBy(integration, old)).toBe('outside_window');
  });

  it('is tried out by the test event code, and not at all without one', async () => {
    const site = { id: 'acme', name: 'Acme', currency: 'USD', timeZone: 'UTC' } as never;
    const context = contextOf(answer);
    expect(await meta.test(integration, { accessToken: 'EAAB' }, site, context)).toMatchObject({
      delivered: false,
      status: null,
    });
    expect(context.seen).toEqual([]);
    const testing = { ...integration, testEventCode: 'TEST1' };
    expect(await meta.test(testing, { accessToken: 'EAAB' }, site, context)).toMatchObject({ delivered: true });
    expect(JSON.parse(context.seen[0]?.text ?? '')).toMatchObject({ test_event_code: 'TEST1' });
    expect(await meta.test(testing, { accessToken: 'old' }, site, context)).toEqual({
      delivered: false,
      status: 400,
      detail: '190: Invalid OAuth access token',
    });
  });
});
