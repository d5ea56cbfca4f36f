import { type Call, rfc3339, type VisitorSession } from '@dialmark/shared';
import type { Part } from '../../platform/cursor.ts';
import { pageViews } from '../store/page-views.ts';
import type { Attributing } from './attributing.ts';
import { presentCall, presentSession, telClicksOf } from './present.ts';

/** A part of a visitor's visits and calls, as far as the pool still has them, oldest first. */
export interface Journey {
  sessions: VisitorSession[];
  calls: Call[];
}

/** A journey longer than this is read from the ledger. */
const VISITS_READ = 1000;

export function journeyOf(pool: Attributing, visitor: string, { after, limit }: Part): Journey {
  const { store } = pool;
  const known = store.sessions.ofVisitor(visitor, VISITS_READ);
  const part = <T extends { id: string; startedAt: number }>(rows: readonly T[]): T[] =>
    rows
      .filter(({ id, startedAt: at }) => !after || at > after.at || (at === after.at && id > after.id))
      .sort((a, b) => a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1))
      .slice(0, limit);
  const visits = part(known).flatMap(({ id }) => store.session(id) ?? []);
  return {
    sessions: visits.map((row) => ({
      ...presentSession(row),
      touch: { url: row.landingPage, referrer: row.referrer },
      device: row.device,
      country: row.country,
      tags: row.tags,
      pageViews: pageViews(row.views, row).map(({ url, at }) => ({ url, at: rfc3339(at) })),
      telClicks: telClicksOf(pool, row),
    })),
    calls: part([...known.flatMap(({ id }) => store.calls.ofSession(id)), ...store.calls.withoutVisit(visitor)]).map(
      (row) => presentCall(pool, row),
    ),
  };
}
