import { api, type VisitorExport } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { type App, serve } from '../http/serve.ts';
import { archiveOf } from '../ledger/archive/store.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { decodeCursor, encodeCursor, type Part, type Place } from '../platform/cursor.ts';
import { done, fail, invalidCursor, type Outcome } from '../platform/result.ts';
import type { RemotePool } from '../pool/shards/remote-pool.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

/** People: a visitor's journey, all that is held of them, and how it is forgotten. */
export function visitorRoutes(app: App): void {
  serve(app, api.getVisitor, async ({ params, query, env }) => {
    const part = partOf(query);
    if (!part) return invalidCursor;
    const { value, error } = await lifeOf(env, params.site as string, params.id as string, part, false);
    if (error) return { error };
    const { users: _, bindings: __, forms: ___, ...journey } = value;
    return done(journey);
  });

  serve(app, api.exportVisitor, async ({ params, query, env }) => {
    const part = partOf(query);
    return part ? lifeOf(env, params.site as string, params.id as string, part, true) : invalidCursor;
  });

  serve(app, api.eraseVisitor, async ({ params, env }) =>
    eraseVisitor(env, params.site as string, params.id as string),
  );

  serve(app, api.eraseVisitorById, async ({ params, query, env }) =>
    eraseVisitor(env, params.site as string, query.id),
  );

  serve(app, api.eraseEmail, async ({ params, env }) => {
    const email = (params.email as string).trim().toLowerCase();
    return erase(env, params.site as string, (pool) => pool.people.eraseEmail(email));
  });

  serve(app, api.eraseCaller, async ({ params, env }) => {
    const number = (params.number as string).replace(/^ /, '+');
    return erase(env, params.site as string, (pool) => pool.people.eraseCaller(number));
  });
}

function eraseVisitor(env: Env, site: string, id: string): Promise<Outcome<null>> {
  return erase(env, site, (pool) => pool.people.eraseVisitor(id));
}

/** Has a site's pools forget somebody. Where days are archived, that is confirmed once their files have forgotten too. */
async function erase(
  env: Env,
  site: string,
  ask: (pool: RemotePool) => Promise<Outcome<null>>,
): Promise<Outcome<null>> {
  const pools = new SitePools(env, site);
  const outcome = await pools.ofAll(ask, () => null);
  if (outcome.error || !archiveOf(env)) return outcome;
  const { value, error } = await pools.flushed();
  if (error) return { error };
  const isSettled = value.behindMs === 0 && (await ledgerOf(env, site).archive.settled());
  return isSettled ? outcome : fail('archive_behind');
}

/** @returns null if the cursor is none of ours */
function partOf({ limit, cursor }: { limit: number; cursor?: string | undefined }): Part | null {
  if (cursor === undefined) return { after: null, limit };
  const after = decodeCursor(cursor);
  return after && { after, limit };
}

/**
 * Returns the next part of what is known of a visitor: visits and calls, and with `bindings` those and forms too, in one order. The pool's
 * word on what it still has, the ledger's on the rest.
 */
async function lifeOf(
  env: Env,
  site: string,
  id: string,
  { after, limit }: Part,
  bindings: boolean,
): Promise<Outcome<VisitorExport>> {
  // One more than is shown: it reveals whether there are more.
  const part = { after, limit: limit + 1 };
  const [pool, ledger] = await Promise.all([
    new SitePools(env, site).ofAll(
      (pool) => pool.people.journey(id, part),
      (parts) => ({
        sessions: parts.flatMap(({ sessions }) => sessions),
        calls: parts.flatMap(({ calls }) => calls),
      }),
    ),
    ledgerOf(env, site).log.visitor(id, part),
  ]);
  if (pool.error) return pool;
  // Only the ledger knows of leads.
  const leads = new Map(ledger.calls.map((call) => [call.id, call.lead]));
  const lists = {
    sessions: known([...ledger.sessions, ...pool.value.sessions]),
    calls: known([...ledger.calls, ...pool.value.calls.map((call) => ({ ...call, lead: leads.get(call.id) ?? null }))]),
    bindings: bindings ? ledger.bindings : [],
    forms: bindings ? ledger.forms : [],
  };
  const entries = [...lists.sessions, ...lists.calls, ...lists.bindings, ...lists.forms].map(placeOf).sort(compare);
  if (entries.length === 0 && after === null) return fail('visitor_not_found');
  const last = entries[Math.min(limit, entries.length) - 1];
  const shown = <T extends Entry>(list: T[]) => list.filter((entry) => last && compare(placeOf(entry), last) <= 0);
  return done({
    id,
    sessions: shown(lists.sessions),
    calls: shown(lists.calls),
    linked: ledger.linked,
    users: [...new Set([...ledger.users, ...lists.sessions.flatMap(saidUser)])].sort(),
    bindings: shown(lists.bindings),
    forms: shown(lists.forms),
    cursor: last && entries.some((entry) => compare(entry, last) > 0) ? encodeCursor(last) : null,
  });
}

/** Returns who a visit's tags said the visitor is, signed or not: it is held, so it is handed over. */
const saidUser = ({ tags }: VisitorExport['sessions'][number]) =>
  typeof tags?.userId === 'string' ? [tags.userId] : [];

type Entry = { id: string } & ({ startedAt: string } | { at: string });

const placeOf = (entry: Entry): Place => ({
  at: Date.parse('at' in entry ? entry.at : entry.startedAt),
  id: entry.id,
});

function compare(a: Place, b: Place): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Returns each once, as the later one says, in order. */
function known<T extends Entry>(rows: readonly T[]): T[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()].sort((a, b) => compare(placeOf(a), placeOf(b)));
}
