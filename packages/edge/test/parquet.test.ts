import { api, DataTable } from '@dialmark/shared';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { admin, inLedger, ledgerRows, newSite, takeLedgerAway } from './edge.ts';
import { call, settled, visit } from './journeys.ts';

afterAll(() => {
  vi.useRealTimers();
});

const ask = (site: string, table: string, day: string) => admin.send(api.readDay, { site, table, query: { day } });

async function fileOf(site: string, table: string, day: string): Promise<ArrayBuffer> {
  const response = await ask(site, table, day);
  expect([table, response.status, response.headers.get('Content-Type')]).toEqual([
    table,
    200,
    'application/vnd.apache.parquet',
  ]);
  return response.arrayBuffer();
}

type Row = Record<string, unknown>;

const read = async (site: string, table: string, day: string): Promise<Row[]> =>
  parquetReadObjects({ file: await fileOf(site, table, day) });

/** All rows of a table as NDJSON has them. */
async function lines(site: string, table: string): Promise<Row[]> {
  const response = await admin.send(api.readData, { site, table, query: { format: 'ndjson', limit: '10000' } });
  return (await response.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** A row as JSON would have it, so that the two can be compared. */
const plain = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Date ? value.getTime() : typeof value === 'bigint' ? Number(value) : value,
    ]),
  );

const sorted = (rows: Row[]) => rows.map((row) => JSON.stringify(row)).sort();

describe('a day as a Parquet file', () => {
  let site: string;
  beforeAll(async () => {
    // In Denver the 24th ends at seven in the morning of the 25th, UTC.
    site = await newSite(5, { timeZone: 'America/Denver', forms: 'contact' });
    const times = ['2026-11-24T10:00:00Z', '2026-11-25T06:30:00Z', '2026-11-25T08:00:00Z', '2026-11-26T12:00:00Z'];
    for (const [i, at] of times.entries()) {
      const shown = await visit(site, {
        at,
        visitor: `v_${i}`,
        session: `s_${i}`,
        page: '/a?utm_source=google&utm_medium=cpc&utm_term=roof%20"x"&gclid=abc',
      });
      await call(site, `CA${i}`, shown, at.replace(':00:00Z', ':01:00Z').replace(':30:00Z', ':31:00Z'), {
        from: `+1212555010${i}`,
      });
    }
    await settled(site);
    for (const [i, at] of times.entries()) {
      await ledgerRows(
        site,
        `INSERT INTO form (id, rev, day, at, form, erased) VALUES (?, 1, (SELECT day FROM visit WHERE id = ?), ?, '{}', 0)`,
        `f_${i}`,
        `s_${i}`,
        Date.parse(at),
      );
      await ledgerRows(
        site,
        `INSERT INTO deliveries (id, integration, call, event, revision, position, digest, state, created_at, next_at)
         VALUES (?, 'crm', ?, 'call.completed', 0, 1, 'x', 'delivered', ?, 0)`,
        `d_${i}`,
        `CA${i}`,
        Date.parse(at),
      );
      await ledgerRows(
        site,
        "INSERT INTO outcome (id, at, stage, value, came_at) VALUES (?, ?, 'won', 9.5, ?)",
        `o_${i}`,
        Date.parse(at),
        Date.parse(at),
      );
      await ledgerRows(
        site,
        `INSERT INTO costs (day, source, medium, campaign, term, channel, cost) VALUES (?, 'google', 'cpc', ?, '', 'Paid Search', 1.5)`,
        `2026-11-2${4 + (i % 3)}`,
        `c${i}`,
      );
    }
    await ledgerRows(site, "INSERT INTO visitor_users (user_id, visitor) VALUES ('u_1', 'v_1')");
    await ledgerRows(site, "INSERT INTO channel_weights (channel, weight, computed_at) VALUES ('Direct', 0.5, 1)");
  });

  it('has the rows and columns that NDJSON has, of every table: each row in one day', async () => {
    const tables = DataTable.options.map(async (table) => {
      const whole = table === 'visitor_users' || table === 'channel_weights';
      const days = whole ? ['2026-11-24'] : ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27'];
      const files = await Promise.all(days.map((day) => read(site, table, day)));
      const all = (await lines(site, table)).filter(({ period }) => !String(period).startsWith('m'));
      expect(all.length, table).toBeGreaterThan(0);
      expect(sorted(files.flat().map(plain)), table).toEqual(sorted(all));
      if (!whole) expect(files.map((rows) => rows.length > 0)).toEqual([false, true, true, true, false]);
    });
    await Promise.all(tables);
    expect((await read(site, 'sessions', '2026-11-24')).map(({ id }) => id)).toEqual(['s_0', 's_1']);
    expect((await read(site, 'bindings', '2026-11-24')).map(({ session }) => session)).toEqual(['s_0', 's_1']);
  });

  it('has texts as texts, times as times and numbers as numbers', async () => {
    const NUMBERS = new Set(['number', 'bigint']);
    const tables = DataTable.options.map(async (table) => {
      const [rows, ndjson] = await Promise.all([read(site, table, '2026-11-24'), lines(site, table)]);
      for (const [name, value] of rows.flatMap((row) => Object.entries(row))) {
        if (value === null) continue;
        const known = ndjson.find((row) => row[name] !== null)?.[name];
        const isTime = /(^|_)at$/.test(name) || name === 'claimed_until';
        expect([table, name, value instanceof Date], `${table}.${name}`).toEqual([table, name, isTime]);
        if (!isTime) expect([table, name, NUMBERS.has(typeof value)]).toEqual([table, name, typeof known === 'number']);
      }
    });
    await Promise.all(tables);
    const [row] = await read(site, 'calls', '2026-11-24');
    expect(row).toMatchObject({ id: 'CA0', started_at: new Date('2026-11-24T10:01:00Z'), day: '2026-11-24' });
  });

  it('is a valid file where a day has nothing', async () => {
    for (const table of DataTable.options) {
      const file = await fileOf(site, table, '2031-01-01');
      const { schema, num_rows } = parquetMetadata(file);
      if (table !== 'visitor_users' && table !== 'channel_weights') expect([table, num_rows]).toEqual([table, 0n]);
      expect(schema.length).toBeGreaterThan(2);
    }
    expect(parquetMetadata(await fileOf(await newSite(0), 'calls', '2026-11-24')).num_rows).toBe(0n);
  });

  it('comes whole from a day of more rows than a group holds', async () => {
    const many = await newSite(0);
    await inLedger(many, (core) => {
      core.sql.exec(`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 24999)
        INSERT INTO visit (seq, rev, day, hour, channel, source, medium, pages, late, active_for, id)
        SELECT 1000000 + i * 7919 % 25000, 1, 20780 + i / 24000, 0, 0, 0, 0, 1, 0, 0, 's_' || i FROM n`);
    });
    const day = new Date(20780 * 86_400_000).toISOString().slice(0, 10);
    const file = await fileOf(many, 'sessions', day);
    expect(parquetMetadata(file).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([10_000, 10_000, 4_000]);
    const ids = (await parquetReadObjects({ file, columns: ['id'] })).map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set(Array.from({ length: 24_000 }, (_, i) => `s_${i}`)));
    expect(ids.length).toBe(24_000);
  });

  it('is refused where the question makes no sense', async () => {
    const refused = async (table: string, query: Record<string, string>) => {
      const response = await admin.send(api.readDay, { site, table, query });
      const { code, errors } = (await response.json()) as { code: string; errors?: { path: string; code: string }[] };
      return [response.status, code, errors?.[0]?.path, errors?.[0]?.code];
    };
    expect(await refused('secrets', { day: '2026-11-24' })).toEqual([400, 'invalid_request', 'table', 'not_one_of']);
    expect(await refused('', { day: '2026-11-24' })).toEqual([400, 'invalid_request', 'table', 'not_one_of']);
    expect(await refused('calls', {})).toEqual([400, 'invalid_request', 'day', 'required']);
    for (const day of ['yesterday', '2026-02-31', '2026-11-24T00:00:00Z', '20261124']) {
      expect(await refused('calls', { day })).toEqual([400, 'invalid_request', 'day', 'invalid_time']);
    }
    expect((await ask('nobody', 'calls', '2026-11-24')).status).toBe(404);
    const stranger = await admin.send(api.readDay, {
      site,
      table: 'calls',
      query: { day: '2026-11-24' },
      headers: { Authorization: 'Bearer nobody' },
    });
    expect(stranger.status).toBe(401);
  });

  it('is a problem, not half a file, while the ledger is away', async () => {
    const { bringBack } = await takeLedgerAway(site);
    const response = await ask(site, 'calls', '2026-11-24');
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([503, 'ledger_unavailable']);
    await bringBack();
  });
});
