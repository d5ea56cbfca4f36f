import type { EpochMs } from '@dialmark/shared';
import { expect, it } from 'vitest';
import { inLedger } from '../../../test/edge.ts';
import { firstSeq } from '../../pool/leases/binding-id.ts';
import type { LedgerCore } from '../core.ts';
import type { LedgerCall, LedgerSession } from './batch.ts';
import { writeBatch } from './write-batch.ts';

const AT = Date.UTC(2026, 10, 24, 10);

function visitOf(n: number): LedgerSession {
  return {
    seq: firstSeq((AT + n) as EpochMs),
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
    views: null,
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
    test: false,
    match: 'active',
    confidence: 0.9,
    binding: null,
    session: `s_${n}`,
    visitor: `v_${n}`,
    candidates: [],
    counted: null,
    details: {},
  };
}

const RULES = {
  timeZone: 'UTC',
  lookbackDays: 90,
  retentionDays: 395,
  counting: { model: 'last_non_direct' as const, qualifiedSeconds: 30, qualifiedValue: 0 },
};

function write(core: LedgerCore, sessions: LedgerSession[], calls: LedgerCall[]): void {
  const erasures = { visitors: [], callers: [], calls: [] };
  writeBatch(core, { rev: 1, rules: RULES, erasures, sessions, bindings: [], calls });
}

/** The number of rows that an operation on a ledger reads. */
function rowsRead(core: LedgerCore, work: () => void): number {
  const asked: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const { all } = core;
  core.all = <R>(query: string, ...values: readonly (string | number | null)[]) => {
    const cursor = core.sql.exec(query, ...values);
    asked.push(cursor);
    return cursor.toArray() as R[];
  };
  work();
  core.all = all;
  return asked.reduce((sum, { rowsRead: rows }) => sum + rows, 0);
}

it('reads no more for a call, its journey, or a visit that goes on, when the site has a hundred times the visits', async () => {
  const many = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => visitOf(from + i));
  await inLedger('growing', (core) => {
    write(core, many(0, 10), [callOf(1), callOf(2)]);
    const small = rowsRead(core, () => write(core, [visitOf(3)], [callOf(3)]));
    write(
      core,
      many(10, 1000),
      Array.from({ length: 200 }, (_, i) => callOf(10 + i)),
    );
    const large = rowsRead(core, () => write(core, [visitOf(4)], [callOf(4)]));
    expect(small).toBeGreaterThan(0);
    expect(large).toBeLessThan(small + 20);
  });
});
