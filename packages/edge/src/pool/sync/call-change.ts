import { type CallChange, CLICK_LIFE, type EpochMs, rfc3339 } from '@dialmark/shared';
import type { Attributing } from '../attribution/attributing.ts';
import { presentCall } from '../attribution/present.ts';
import { pageViews } from '../store/page-views.ts';
import type { CallRow } from '../store/rows.ts';

/** A call as its integrations get it, and the position of the change log when it was read. */
export interface ReadChange {
  change: CallChange;
  position: number;
  readAt: EpochMs;
  /** When the call was first reported. */
  receivedAt: EpochMs;
  /** Returns true if the conversions have not processed its latest change yet. */
  isNew: boolean;
  /** Its people were erased, so that it names nobody. */
  erased: boolean;
}

const PAGE_VIEWS = 20;
const ADDRESS_LENGTH = 2048;
const VISITS_SEARCHED = 20;
const EARLIER_CALLS = 10;

/** Returns a call with everything that an integration may want to know about its caller. */
export function readChange(pool: Attributing, row: CallRow): CallChange {
  const { store, site } = pool;
  const session = row.session === null ? null : store.session(row.session);
  return {
    site: { id: site.id, name: site.name ?? null, currency: site.currency, timeZone: site.timeZone },
    call: presentCall(pool, row),
    visit: session && {
      device: session.device,
      country: session.country,
      tags: session.tags ?? {},
      pageViews: pageViews(session.views, session)
        .slice(-PAGE_VIEWS)
        .map(({ url, at }) => ({ url: url.slice(0, ADDRESS_LENGTH), at: rfc3339(at) })),
    },
    clicks: clicksOf(pool, row),
    preset: row.to === null ? null : (pool.numbers.get(row.to)?.preset ?? null),
    earlierCalls:
      row.from === null ? [] : store.calls.before(row, EARLIER_CALLS).map((earlier) => brief(pool, earlier)),
  };
}

/** The call's own visit counts, and the visitor's earlier ones: a click lives 90 days with every ad platform. */
function clicksOf(pool: Attributing, row: CallRow): CallChange['clicks'] {
  const { store } = pool;
  const earlier =
    row.visitor === null ? [] : store.sessions.ofVisitor(row.visitor, VISITS_SEARCHED).map(({ id }) => id);
  const latest = new Map<string, { value: string; at: EpochMs }>();
  for (const id of new Set([...(row.session === null ? [] : [row.session]), ...earlier])) {
    const visit = store.session(id);
    if (!visit || visit.startedAt > row.startedAt || visit.startedAt < row.startedAt - CLICK_LIFE) continue;
    for (const [name, value] of Object.entries(visit.clickIds as Record<string, string>)) {
      if (visit.startedAt > (latest.get(name)?.at ?? 0)) latest.set(name, { value, at: visit.startedAt });
    }
  }
  return [...latest].map(([name, { value, at }]) => ({ name, value, at: rfc3339(at) }));
}

function brief(pool: Attributing, row: CallRow): CallChange['earlierCalls'][number] {
  const { touch } = presentCall(pool, row).attribution;
  return {
    id: row.id,
    startedAt: rfc3339(row.startedAt),
    status: row.status,
    durationSeconds: row.durationSeconds,
    value: row.value,
    source: touch?.source ?? null,
    campaign: touch?.campaign ?? null,
  };
}
