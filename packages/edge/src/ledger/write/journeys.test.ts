import { beforeAll, expect, it } from 'vitest';
import { env, migrateLedger } from '../../../test/edge.ts';
import { type LedgerCall, type LedgerSession, writeBatch } from './ledger.ts';

beforeAll(migrateLedger);

const AT = Date.UTC(2026, 10, 24, 10);

function visitOf(n: number): LedgerSession {
  return {
    id: `s_${n}`,
    visitor: `v_${n}`,
    startedAt: AT + n,
    lastActiveAt: AT + n,
    landingPage: 'https://acme.example/',
    referrer: null,
    source: 'google',
    medium: 'cpc',
    campaign: null,
    term: null,
    content: null,
    channel: 'Paid Search',
    clickIds: {},
    pages: 1,
    device: null,
    country: null,
    tags: { signedUserId: `u_${n}` },
  };
}

function callOf(n: number): LedgerCall {
  return {
    id: `CA${n}`,
    carrier: 'api',
    caller: `+1212555${1000 + n}`,
    number: '+14155550132',
    target: 'main',
    startedAt: AT + 60_000,
    status: 'completed',
    durationSeconds: 60,
    value: null,
    firstTime: true,
    spam: false,
    match: 'active',
    confidence: 0.9,
    binding: null,
    session: `s_${n}`,
    visitor: `v_${n}`,
    candidates: [],
    details: {},
  };
}

/** The ledger, with a count of the rows that its batches read. */
function counted(): { ledger: D1Database; read: () => number } {
  let rows = 0;
  const ledger = {
    prepare: (query: string) => env.LEDGER.prepare(query),
    batch: async (statements: D1PreparedStatement[]) => {
      const results = await env.LEDGER.batch(statements);
      for (const { meta } of results) rows += meta.rows_read;
      return results;
    },
  };
  return { ledger: ledger as unknown as D1Database, read: () => rows };
}

it('reads no more for a call, its journey, or a visit that goes on, when the site has a hundred times the visits', async () => {
  const write = (sessions: LedgerSession[], calls: LedgerCall[], ledger: D1Database) =>
    writeBatch(ledger, {
      site: 'growing',
      rev: 1,
      timeZone: 'UTC',
      lookbackDays: 90,
      erasures: { visitors: [], callers: [], calls: [] },
      sessions,
      pageViews: [],
      bindings: [],
      calls,
    });
  const many = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => visitOf(from + i));
  await write(many(0, 10), [callOf(1), callOf(2)], env.LEDGER);
  const small = counted();
  await write([visitOf(3)], [callOf(3)], small.ledger);
  await write(
    many(10, 1000),
    Array.from({ length: 200 }, (_, i) => callOf(10 + i)),
    env.LEDGER,
  );
  const large = counted();
  await write([visitOf(4)], [callOf(4)], large.ledger);
  expect(small.read()).toBeGreaterThan(0);
  expect(large.read()).toBeLessThan(small.read() + 20);
});
