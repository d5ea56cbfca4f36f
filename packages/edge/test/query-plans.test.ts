import type { Site } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { Deliveries } from '../src/conversions/deliveries.ts';
import { Integrations } from '../src/conversions/integrations.ts';
import type { LedgerCore } from '../src/ledger/core.ts';
import { listBindings, listCalls } from '../src/ledger/read/lists.ts';
import { findSession, findVisitor } from '../src/ledger/read/visits.ts';
import { inLedger } from './edge.ts';

const SITE = { id: 'acme', timeZone: 'America/New_York' } as Site;
const PERIOD = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' };
const PAGE = { limit: 50 };

/** SQLite's plan for each statement of the ledger. */
function plansOf(ask: (core: LedgerCore) => unknown): Promise<string[]> {
  return inLedger(SITE.id, (core) => {
    const plans: string[] = [];
    const { all } = core;
    core.all = <R>(query: string, ...values: readonly (string | number | null)[]) => {
      const plan = core.sql.exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`, ...values);
      plans.push(...plan.toArray().map(({ detail }) => detail));
      return core.sql.exec(query, ...values).toArray() as R[];
    };
    ask(core);
    core.all = all;
    return plans.filter((plan) => !plan.includes('words'));
  });
}

/** Reading a table from end to end. */
const WALKS = /^SCAN (?!json_each|\(|h$)/;

describe('a list', () => {
  it.each([
    ['bindings of a number', 'hold_by_number', () => ({ number: '+14155550132', ...PERIOD })],
    ['bindings of a session', 'hold_by_visit', () => ({ session: 's_1' })],
    ['bindings of a session and number', 'hold_by_visit', () => ({ session: 's_1', number: '+14155550132' })],
    ['bindings of a visitor', 'hold_by_visit', () => ({ visitor: 'v_1', ...PERIOD })],
    ['bindings of a period', 'PRIMARY KEY', () => PERIOD],
  ])('of %s looks up only these: by %s', async (_, index, query) => {
    const plans = await plansOf((core) => listBindings(core, { ...PAGE, ...query() }, Date.now()));
    expect(plans.join('\n')).toContain(index);
    expect(plans.filter((plan) => WALKS.test(plan))).toEqual([]);
    // A visitor has a handful of bindings; everything else is read in its order, as many as are asked for.
    expect(plans.some((plan) => plan.includes('ORDER BY'))).toBe('visitor' in query());
  });

  it.each([
    ['calls to a number', 'call_by_number', { number: '+14155550132' }],
    ['calls of a caller', 'call_by_caller', { caller: '+12125550199', ...PERIOD }],
    ['calls of a period', 'call_by_start', PERIOD],
    ['calls that a search finds', 'call_by_start', { search: 'spring 555', ...PERIOD }],
    ['calls that a model credits', 'call_by_start', { channel: 'Direct', model: 'linear' as const, ...PERIOD }],
  ])('of %s looks up only these: by %s', async (_, index, query) => {
    const plans = await plansOf((core) => listCalls(core, SITE, { test: 'exclude', ...PAGE, ...query }));
    expect(plans.join('\n')).toContain(index);
    expect(plans.filter((plan) => WALKS.test(plan))).toEqual([]);
    expect(plans.some((plan) => plan.includes('ORDER BY'))).toBe(false);
  });

  it.each([
    ['messages of a call', 'deliveries_once', { call: 'CA1' }],
    ['messages of a period', 'deliveries_by_time', PERIOD],
  ])('of %s looks up only these: by %s', async (_, index, query) => {
    const plans = await plansOf((core) => new Deliveries(core, new Integrations(core)).list({ ...PAGE, ...query }));
    expect(plans.join('\n')).toContain(index);
    expect(plans.filter((plan) => WALKS.test(plan))).toEqual([]);
  });
});

describe('what is read of one', () => {
  it.each([
    ['visit', (core: LedgerCore) => findSession(core, 's_1')],
    ['visitor', (core: LedgerCore) => findVisitor(core, 'v_1', { after: { at: 0, id: '' }, limit: 100 })],
  ])('%s is looked up', async (_, ask) => {
    const plans = await plansOf(ask);
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.filter((plan) => WALKS.test(plan))).toEqual([]);
  });
});
