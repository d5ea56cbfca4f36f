import { type CarrierEvent, carrierEvent } from '../../calls/events.ts';

/**
 * Every fact that carriers told of calls, each once. A call's state is derived anew from all of its facts, so that
 * neither their order nor their repetition can matter.
 */

/**
 * Keeps a fact. Of two tellings of the same one the earlier counts, as in `callLife`.
 * @returns whether that changed what is known
 */
export function addEvent(sql: SqlStorage, event: CarrierEvent): boolean {
  const { callId, eventId, at, ...rest } = event;
  const told = Object.entries(rest)
    .filter(([, value]) => value !== null)
    .sort();
  const fact = JSON.stringify(Object.fromEntries(told));
  const { rowsWritten } = sql.exec(
    `INSERT INTO call_events (call, event, at, fact) VALUES (?, ?, ?, ?)
     ON CONFLICT (call, event) DO UPDATE SET at = excluded.at, fact = excluded.fact
     WHERE (excluded.at, excluded.fact) < (at, fact)`,
    callId,
    eventId,
    at,
    fact,
  );
  return rowsWritten > 0;
}

export function eventsOf(sql: SqlStorage, call: string): CarrierEvent[] {
  return sql
    .exec<{ event: string; at: number; fact: string }>(
      'SELECT event, at, fact FROM call_events WHERE call = ? ORDER BY at, event',
      call,
    )
    .toArray()
    .map(({ event, at, fact }) => carrierEvent({ ...JSON.parse(fact), callId: call, eventId: event, at }));
}
