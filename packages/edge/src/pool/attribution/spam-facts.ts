import { DAY, MINUTE } from '@dialmark/shared';
import type { SpamFacts } from '../../calls/spam.ts';
import type { CallRow } from '../store/rows.ts';
import type { PoolStore } from '../store/store.ts';

/** A caller who hangs up this soon has said nothing. */
const AT_ONCE_SECONDS = 3;

/** Returns the pool's evidence of spam about a call and its caller. A withheld caller has no other calls. */
export function spamFactsOf(store: PoolStore, call: CallRow): SpamFacts {
  const { from, startedAt, status, durationSeconds, details } = call;
  const facts: SpamFacts = {
    attestation: details.attestation,
    numbersInTenMinutes: 1,
    hangUpsInADay: hungUpAtOnce(status, durationSeconds, details.ringSeconds) ? 1 : 0,
    talkSeconds: status === 'completed' ? durationSeconds : null,
  };
  if (from === null) return facts;

  const others = store.calls.ofCallerSince(call, startedAt - DAY);
  const lately = others.filter(({ at }) => at > startedAt - 10 * MINUTE);
  facts.numbersInTenMinutes = new Set([call.to, ...lately.map(({ number }) => number)]).size;
  facts.hangUpsInADay += others.filter((other) => hungUpAtOnce(other.status, other.talk, other.ring)).length;
  return facts;
}

function hungUpAtOnce(status: CallRow['status'], talkSeconds: number | null, ringSeconds: number | null): boolean {
  if (status === 'completed') return talkSeconds !== null && talkSeconds <= AT_ONCE_SECONDS;
  return status === 'missed' && ringSeconds !== null && ringSeconds <= AT_ONCE_SECONDS;
}
