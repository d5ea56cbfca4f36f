import { type CarrierEvent, carrierEvent } from '../../calls/events.ts';
import { Table } from './table.ts';

/**
 * Every fact that carriers reported about calls, each once. A call's state is derived from all of its facts, so that
 * neither their order nor their repetition can matter.
 */
export class CallEventTable extends Table {
  /**
   * Keeps a fact. Of two reports of the same one the earlier counts, as in `callLife`.
   * @returns whether that changed what is known
   */
  add(event: CarrierEvent): boolean {
    const { callId, eventId, at, ...rest } = event;
    const stated = Object.entries(rest)
      .filter(([, value]) => value !== null)
      .sort();
    const rowsWritten = this.run(
      `INSERT INTO call_events (call, event, at, fact) VALUES (?, ?, ?, ?)
       ON CONFLICT (call, event) DO UPDATE SET at = excluded.at, fact = excluded.fact
       WHERE (excluded.at, excluded.fact) < (at, fact)`,
      callId,
      eventId,
      at,
      JSON.stringify(Object.fromEntries(stated)),
    );
    return rowsWritten > 0;
  }

  /** Returns a call's facts, earliest first. */
  ofCall(call: string): CarrierEvent[] {
    return this.all('SELECT event, at, fact FROM call_events WHERE call = ? ORDER BY at, event', call).map(
      ({ event, at, fact }) => carrierEvent({ ...JSON.parse(fact as string), callId: call, eventId: event, at }),
    );
  }
}
