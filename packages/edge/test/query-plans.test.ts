import { env as bindings } from 'cloudflare:workers';
import type { Site } from '@dialmark/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import { listDeliveries } from '../src/conversions/deliveries.ts';
import type { Env } from '../src/env.ts';
import { listBindings, listCalls } from '../src/ledger/read/queries.ts';
import { findSession, findVisitor } from '../src/ledger/read/visits.ts';
import { migrateLedger } from './edge.ts';

const { LEDGER } = bindings as unknown as Env;
const SITE = { id: 'acme', timeZone: 'America/New_York' } as Site;
const PERIOD = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
const PAGE = { limit: 50 };

beforeAll(migrateLedger);

/** How SQLite goes about each statement that something asks of the ledger. */
async function plansOf(ask: (ledger: D1Database) => Promise<unknown>): Promise<string[]> {
  const asked: D1PreparedStatement[] = [];
  const ledger = {
    prepare: (sql: string) => ({
      bind: (...values: unknown[]) => {
        asked.push(LEDGER.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...values));
        return LEDGER.prepare(sql).bind(...values);
      },
    }),
    batch: (statements: D1PreparedStatement[]) => LEDGER.batch(statements),
  };
  await ask(ledger as unknown as D1Database);
  const plans = await LEDGER.batch<{ detail: string }>(asked);
  return plans.flatMap(({ results }) => results.map(({ detail }) => detail));
}

/** Reading a table from end to end, and the index with nothing but the site to look up by. */
const WALKS = /^SCAN (?!json_each|\(|v\b)|SEARCH \w+ USING .*\(site=\?\)$/;

describe('a list', () => {
  it.each([
    ['bindings of a number', 'bindings_by_number', () => ({ number: '+14155550132', ...PERIOD })],
    ['bindings of a session', 'bindings_by_session', () => ({ session: 's_1' })],
    ['bindings of a session and number', 'bindings_by_session', () => ({ session: 's_1', number: '+14155550132' })],
    ['bindings of a visitor', 'bindings_by_visitor', () => ({ visitor: 'v_1', ...PERIOD })],
    ['bindings of a period', 'bindings_by_start', () => PERIOD],
  ])('of %s looks up only these: by %s', async (_, index, query) => {
    const plans = await plansOf((ledger) => listBindings(ledger, SITE.id, { ...PAGE, ...query() }, Date.now()));
    expect(plans[0]).toContain(`INDEX ${index} (site=?`);
    expect(plans.filter((plan) => WALKS.test(plan))).toEqual([]);
    // A visit has a handful of bindings; everything else is read in its order, as many as are asked for.
    expect(plans.some((plan) => plan.includes('ORDER BY'))).toBe(index === 'bindings_by_session');
  });

  it.each([
    ['calls to a number', 'calls_by_number', { number: '+14155550132' }],
    ['calls of a caller', 'calls_by_caller', { caller: '+12125550199', ...PERIOD }],
    ['calls of a period', 'calls_by_start', PERIOD],
    ['calls that a search finds', 'calls_by_start', { search: 'spring 555', ...PERIOD }],
    ['calls that a model credits', 'calls_by_start', { channel: 'Direct', model: 'linear' as const, ...PERIOD }],
  ])('of %s looks up only these: by %s', async (_, index, query) => {
    const plans = await plansOf((ledger) => listCalls(ledger, SITE, { ...PAGE, ...query }));
    expect(plans[0]).toContain(`INDEX ${index} (site=?`);
    expect(plans.filter((plan) => WALKS.test(plan))).toEqual([]);
    expect(plans.some((plan) => plan.includes('ORDER BY'))).toBe(false);
  });

  it.each([
    ['messages of a call', 'deliveries_once', { call: 'CA1' }],
    ['messages of a period', 'deliveries_by_time', PERIOD],
  ])('of %s looks up only these: by %s', async (_, index, query) => {
    const plans = await plansOf((ledger) => listDeliveries(ledger, SITE.id, { ...PAGE, ...query }));
    expect(plans[0]).toContain(`INDEX ${index} (site=?`);
    expect(plans.filter((plan) => WALKS.test(plan))).toEqual([]);
  });
});

describe('what is read of one', () => {
  it.each([
    ['visit', (ledger: D1Database) => findSession(ledger, SITE.id, 's_1')],
    ['visitor', (ledger: D1Database) => findVisitor(ledger, SITE.id, 'v_1', { after: { at: 0, id: '' }, limit: 100 })],
  ])('%s is looked up', async (_, ask) => {
    const plans = await plansOf(ask);
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.filter((plan) => WALKS.test(plan))).toEqual([]);
  });
});
