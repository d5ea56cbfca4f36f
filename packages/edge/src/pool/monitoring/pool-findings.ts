import { type AlertType, type EpochMs, HOUR } from '@dialmark/shared';
import type { Memory } from '../store/memory.ts';
import { type Finding, findingsOf, type Measurements, USUAL } from './alert-findings.ts';

/** Returns why a person should look at this pool now. */
export function poolFindings(
  pool: Memory,
  bytes: NonNullable<Measurements['bytes']>,
  lasting: ReadonlySet<AlertType>,
  now: EpochMs,
): Map<AlertType, Finding> {
  const hour = Math.floor(now / HOUR);
  const pressure = pool.store.pressure.since(hour - 1);
  const exhausted = (of: number) => pressure.reduce((sum, row) => (row.hour === of ? sum + row.exhausted : sum), 0);
  const { since, sinceCall } = pool.counters.counts;
  const { callsPerVisit, tap } = pool.habits.model;
  return findingsOf(
    {
      now,
      exhausted: { thisHour: exhausted(hour), lastHour: exhausted(hour - 1) },
      silentSince: sinceCall.at ?? since,
      hasCalls: sinceCall.at !== null,
      expectedCalls: sinceCall.visits * callsPerVisit + sinceCall.telClicks * tap.callProbability,
      bytes,
      behindMs: now - (pool.store.outbox.oldest ?? now),
    },
    pool.site.alerts ?? USUAL,
    lasting,
  );
}
