import { type EpochMs, MINUTE, rfc3339, type Site } from '@dialmark/shared';
import type { Change } from './change.ts';
import { type Occasion, occasionOf } from './occasion.ts';

/** A click id of the right form that no platform ever gave out. */
const CLICK = 'dialmark_test';

/** Returns a made-up call, by a made-up visitor who came by a click of this kind, for tests of an integration. */
export function sampleOf(
  site: Pick<Site, 'id' | 'name' | 'currency' | 'timeZone'>,
  click: string,
  now: EpochMs,
): { change: Change; occasion: Occasion } {
  const at = rfc3339((now - MINUTE) as EpochMs);
  const change: Change = {
    site: { id: site.id, name: site.name ?? null, currency: site.currency, timeZone: site.timeZone },
    call: {
      id: `dialmark_test_${now.toString(36)}`,
      carrier: 'api',
      // Reserved for examples.
      from: '+12025550123',
      to: '+12025550100',
      target: null,
      startedAt: at,
      status: 'completed',
      durationSeconds: 30,
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
        match: 'none',
        confidence: 0,
        binding: null,
        session: null,
        touch: null,
        visitor: { id: 'v_dialmark_test', sessions: 1 },
        candidates: [],
      },
    },
    visit: null,
    clicks: [{ name: click, value: CLICK, at }],
    preset: null,
    earlierCalls: [],
  };
  return { change, occasion: occasionOf(change, 'conversion') as Occasion };
}
