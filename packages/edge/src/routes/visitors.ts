import { api, type VisitorExport } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { type App, serve } from '../http/serve.ts';
import { findVisitor } from '../ledger/visits.ts';
import { SitePools } from '../pool/pools.ts';
import { done, type Outcome, refuse } from '../pool/refusal.ts';

/** People: a visitor's journey, all that is held of them, and how it is forgotten. */
export function visitorRoutes(app: App): void {
  serve(app, api.getVisitor, async ({ params, env }) => {
    const { value, refusal } = await everythingOf(env, params.site as string, params.id as string);
    if (refusal) return { refusal };
    const { users: _, bindings: __, ...journey } = value;
    return done(journey);
  });

  serve(app, api.exportVisitor, async ({ params, env }) =>
    everythingOf(env, params.site as string, params.id as string),
  );

  serve(app, api.eraseVisitor, async ({ params, env }) =>
    new SitePools(env, params.site as string).eraseVisitor(params.id as string),
  );

  serve(app, api.eraseCaller, async ({ params, env }) =>
    new SitePools(env, params.site as string).eraseCaller((params.number as string).replace(/^ /, '+')),
  );
}

/** The pool's word on what it still has, the ledger's on the rest. */
async function everythingOf(env: Env, site: string, id: string): Promise<Outcome<VisitorExport>> {
  const [pool, ledger] = await Promise.all([new SitePools(env, site).journey(id), findVisitor(env.LEDGER, site, id)]);
  if (pool.refusal) return pool;
  const sessions = inOrder(ledger.sessions, pool.value.sessions);
  const calls = inOrder(ledger.calls, pool.value.calls);
  if (sessions.length === 0 && calls.length === 0) return refuse(404, 'There is no visitor with this id.');
  return done({ id, sessions, calls, linked: ledger.linked, users: ledger.users, bindings: ledger.bindings });
}

function inOrder<T extends { id: string; startedAt: string }>(older: T[], newer: T[]): T[] {
  const byId = new Map([...older, ...newer].map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
}
