import { runInDurableObject } from 'cloudflare:test';
import { env as bindings } from 'cloudflare:workers';
import { type Assignment, api, type Call, type CallReport, type Report } from '@dialmark/shared';
import { vi } from 'vitest';
import type { Env } from '../src/env.ts';
import { admin, drain, leaseOf, ORIGIN } from './edge.ts';

const env = bindings as unknown as Env;

/** Sets the clock for tests that span weeks: only the date is set, timers run on. */
export function setClock(at: string): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(at) });
}

export interface Visit {
  at: string;
  visitor: string | null;
  session: string;
  /** After the origin: `/roof?utm_source=google`. */
  page?: string;
  referrer?: string;
}

/** Returns a visit that begins at a moment, and the number it is shown. */
export async function visit(
  site: string,
  { at, visitor, session, page = '/', referrer = '' }: Visit,
): Promise<Assignment> {
  setClock(at);
  const arrival = { url: `${ORIGIN}${page}`, referrer };
  const answer = await leaseOf(site, session, { visitor, page: arrival, touch: arrival });
  return answer.numbers.main as Assignment;
}

/** Returns a call of two minutes to a number, unless told otherwise. */
export async function call(
  site: string,
  id: string,
  to: Assignment | string,
  at: string,
  more: Partial<Omit<CallReport, 'from'>> & { from?: string | null } = {},
): Promise<Call> {
  setClock(at);
  const number = typeof to === 'string' ? to : (to.number as string);
  const body = { id, from: '+12125550199', to: number, startedAt: at, durationSeconds: 120, ...more };
  return admin.call(api.reportCall, { site, body: body as never });
}

/** Waits until the ledger has heard of everything; the clock of these tests has alarms go off by themselves. */
export async function settled(site: string): Promise<void> {
  const pool = env.POOL.getByName(site);
  const isWaiting = () =>
    runInDurableObject(pool, (_, { storage }) => storage.sql.exec('SELECT 1 FROM outbox LIMIT 1').toArray().length > 0);
  do await drain(site);
  while (await isWaiting());
}

/** Returns a report once the ledger has heard of everything. */
export async function reportOf(site: string, dimension: string, query: Record<string, string> = {}): Promise<Report> {
  await settled(site);
  return admin.call(api.report, { site, dimension, query });
}

/** One number of each row, by key. */
export function column(report: Report, name: keyof Report['totals']): Record<string, unknown> {
  return Object.fromEntries(report.rows.map((row) => [row.key, row[name]]));
}
