import { type CallChange, type EpochMs, Integration, type IntegrationKind, type IntegrationOf } from '@dialmark/shared';
import * as v from 'valibot';
import type { OutgoingMessage, SendContext } from '../../src/conversions/destinations/destination.ts';
import { type Occasion, occasionOf } from '../../src/conversions/occasion.ts';
import { keptBack } from '../../src/conversions/rules.ts';

export const NOW = Date.UTC(2026, 10, 24, 21, 10) as EpochMs;
const CALLED_AT = '2026-11-24T21:08:38.000Z';
const VISITED_AT = '2026-11-24T20:00:00.000Z';

type Over<T> = { [K in keyof T]?: T[K] };

/** Returns a call from an ad, answered, with its change; each test says what it changes. */
export function changeOf(
  call: Over<CallChange['call']> = {},
  more: Over<Omit<CallChange, 'call'>> = {},
  id = 'CA1',
): CallChange {
  const session: CallChange['call']['attribution']['session'] = {
    id: 's_1',
    startedAt: VISITED_AT,
    landingPage: 'https://acme.example/roof?utm_source=google',
    referrer: 'https://www.google.com/',
    source: 'google',
    medium: 'cpc',
    campaign: 'spring',
    term: null,
    content: null,
    channel: 'Paid Search',
    clickIds: { gclid: 'Cj0KCQ-abc_1' },
    pages: 2,
  };
  return {
    site: { id: 'acme', name: 'Acme Roofing', currency: 'USD', timeZone: 'America/New_York' },
    call: {
      id,
      carrier: 'twilio',
      from: '+12125550199',
      to: '+14155550132',
      target: 'main',
      startedAt: CALLED_AT,
      status: 'completed',
      durationSeconds: 93,
      value: null,
      firstTime: true,
      spam: false,
      test: false,
      lead: null,
      ringSeconds: null,
      recordingUrl: null,
      attestation: null,
      forwardedFrom: null,
      spamScore: 0,
      spamEvidence: [],
      tags: null,
      hint: null,
      attribution: {
        match: 'active',
        confidence: 0.97,
        binding: { id: 'b_1', number: '+14155550132', kind: 'pool', startedAt: VISITED_AT, endedAt: null },
        session,
        visitor: { id: 'v_1', sessions: 1 },
        touch: {
          source: 'google',
          medium: 'cpc',
          campaign: 'spring',
          term: null,
          content: null,
          channel: 'Paid Search',
          number: null,
          numberName: null,
        },
        candidates: [],
      },
      ...call,
    },
    visit: { device: 'mobile', country: 'US', tags: {}, pageViews: [] },
    clicks: [{ name: 'gclid', value: 'Cj0KCQ-abc_1', at: VISITED_AT }],
    preset: null,
    earlierCalls: [],
    ...more,
  };
}

export function messageOf(change: CallChange, receipt: string | null = null, type = 'conversion'): OutgoingMessage {
  const payload = JSON.stringify({ type, timestamp: CALLED_AT, data: change });
  const occasion = occasionOf(change, 'conversion') as Occasion;
  return { id: `d_${change.call.id}`, payload, change, occasion, receipt };
}

/** Returns an integration with the defaults that the API gives it. */
export function integrationOf<K extends IntegrationKind>(
  config: { kind: K } & Record<string, unknown>,
): IntegrationOf<K> {
  const given = { id: 'i_1', secrets: { configured: true }, createdAt: CALLED_AT, ...config };
  return v.parse(Integration, given) as unknown as IntegrationOf<K>;
}

/** Returns the code of the rule that keeps a call back; null if none does. The integration is older than the call. */
export function keptBackBy(integration: Integration, change: CallChange): string | null {
  const it = { integration: { ...integration, createdAt: '2020-01-01T00:00:00Z' }, off: null };
  const occasion = occasionOf(change, 'conversion');
  return keptBack({ ...it, change, occasion, now: NOW }, 'over')?.code ?? null;
}

/** Requests as a stand-in sees them. */
export interface Seen {
  url: URL;
  method: string;
  headers: Headers;
  text: string;
}

/** SendContext whose network is one function. */
export function contextOf(
  answer: (seen: Seen) => Response | Promise<Response>,
  more: Partial<SendContext> = {},
): SendContext & { seen: Seen[] } {
  const seen: Seen[] = [];
  return {
    seen,
    now: NOW,
    local: false,
    isLate: () => false,
    fetch: async (url, init) => {
      const request = new Request(url, init);
      const one = { url: new URL(url), method: request.method, headers: request.headers, text: await request.text() };
      seen.push(one);
      return answer(one);
    },
    ...more,
  };
}
