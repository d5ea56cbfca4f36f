import { type Call, rfc3339, type VisitorSession } from '@dialmark/shared';
import { type Attributing, presentCall, presentSession, telClicksOf } from './calls.ts';

/** A visitor's visits and calls, as far as the pool still has them, oldest first. */
export interface Journey {
  sessions: VisitorSession[];
  calls: Call[];
}

/** A journey longer than this is read from the ledger. */
const VISITS_READ = 1000;

export function journeyOf(pool: Attributing, visitor: string): Journey {
  const { store } = pool;
  const visits = store
    .sessionsOf(visitor, VISITS_READ)
    .reverse()
    .flatMap(({ id }) => store.session(id) ?? []);
  return {
    sessions: visits.map((row) => ({
      ...presentSession(row),
      touch: { url: row.landingPage, referrer: row.referrer },
      device: row.device,
      country: row.country,
      tags: row.tags,
      pageViews: store.pageViews(row).map(({ url, at }) => ({ url, at: rfc3339(at) })),
      telClicks: telClicksOf(pool, row),
    })),
    calls: visits.flatMap(({ id }) => store.callsOfSession(id)).map((row) => presentCall(pool, row)),
  };
}
