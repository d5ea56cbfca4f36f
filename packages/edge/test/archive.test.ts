import { api } from '@dialmark/shared';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Archive } from '../src/ledger/archive/archive.ts';
import { planFiles } from '../src/ledger/archive/files.ts';
import { admin, env, inLedger, ledgerNight, ledgerRows, newSite } from './edge.ts';
import { call, setClock, settled, visit } from './journeys.ts';

/** A bucket in memory, which takes a fiftieth of the time; the first test has the runtime's own. */
function inMemory(): R2Bucket {
  const files = new Map<string, ArrayBuffer>();
  const bucket = {
    put: async (key: string, bytes: ReadableStream) => void files.set(key, await new Response(bytes).arrayBuffer()),
    get: async (key: string) => ({ arrayBuffer: async () => files.get(key) }),
    delete: async (names: string | string[]) => void [names].flat().map((key) => files.delete(key)),
    list: async ({ prefix }: { prefix: string }) => ({
      objects: [...files.keys()].filter((key) => key.startsWith(prefix)).map((key) => ({ key })),
    }),
  };
  return bucket as unknown as R2Bucket;
}

const memory = inMemory();
const { TEST_ARCHIVE } = env as unknown as { TEST_ARCHIVE: R2Bucket };
let bucket = memory;
const AD = '/roof?utm_source=google&utm_medium=cpc';

beforeEach(() => {
  setClock('2026-11-24T10:00:00Z');
  env.ARCHIVE = bucket = memory;
});
afterAll(() => {
  delete env.ARCHIVE;
  vi.useRealTimers();
});

/** Does the night's work, and what it finds to archive. */
async function archived(site: string): Promise<void> {
  await ledgerNight(site);
  await inLedger(site, async (core) => {
    const archive = new Archive(core);
    for (let now = Date.now(), next: number | null = now; next !== null && next <= now; )
      next = await archive.work(now);
  });
}

async function keys(site: string): Promise<string[]> {
  const { objects } = await bucket.list({ prefix: `site=${site}/` });
  return objects.map(({ key }) => key.slice(`site=${site}/`.length)).sort();
}

const bytesOf = async (site: string, name: string): Promise<ArrayBuffer> =>
  (await bucket.get(`site=${site}/${name}`))?.arrayBuffer() as Promise<ArrayBuffer>;

const rowsOf = async (site: string, name: string): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file: await bytesOf(site, name) });

/** All that the archive says of a site, as text. */
async function everything(site: string): Promise<string> {
  const names = await keys(site);
  const files = await Promise.all(
    names.map(async (name) => [
      new TextDecoder('latin1').decode(await bytesOf(site, name)),
      ...(await rowsOf(site, name)).map((row) => Object.values(row).join(' ')),
    ]),
  );
  return files.flat().join('\n');
}

const PEOPLE = { needle: '+12125550187', other: '+12125550123' };
const VISITS = [
  ['2026-11-20', 'needle'],
  ['2026-11-20', 'other'],
  ['2026-11-21', 'needle'],
  ['2026-11-23', 'other'],
] as const;

/** A site with visits and calls of two people. */
async function busySite(): Promise<string> {
  const site = await newSite(5);
  for (const [day, person] of VISITS) {
    const at = `${day}T1${person.length % 2}:00:00Z`;
    const session = `s_${person}_${day}`;
    const shown = await visit(site, { at, visitor: `v_${person}`, session, page: `/${person}${AD.slice(5)}` });
    await call(site, `CA_${person}_${day}`, shown, at.replace(':00:', ':01:'), { from: PEOPLE[person] });
  }
  setClock('2026-11-24T10:00:00Z');
  await settled(site);
  return site;
}

const FILES = ['bindings', 'call_touches', 'calls', 'page_views', 'visits'];
const filesOf = (...days: string[]) => days.flatMap((day) => FILES.map((file) => `day=${day}/${file}.parquet`));

describe('the archive', { timeout: 60_000 }, () => {
  it('has a file of each table with rows, of each day up to the day before yesterday, as the API gives it', async () => {
    env.ARCHIVE = bucket = TEST_ARCHIVE;
    const site = await busySite();
    await archived(site);
    expect(await keys(site)).toEqual(filesOf('2026-11-20', '2026-11-21'));
    for (const [file, table] of [
      ['visits', 'sessions'],
      ['page_views', 'page_views'],
      ['bindings', 'bindings'],
      ['calls', 'calls'],
      ['call_touches', 'call_touches'],
    ] as const) {
      const response = await admin.send(api.readDay, { site, table, query: { day: '2026-11-21' } });
      const rows = await rowsOf(site, `day=2026-11-21/${file}.parquet`);
      expect(rows.length).toBeGreaterThan(0);
      expect(rows).toEqual(await parquetReadObjects({ file: await response.arrayBuffer() }));
    }
    setClock('2026-11-25T10:00:00Z');
    await archived(site);
    expect(await keys(site)).toEqual(filesOf('2026-11-20', '2026-11-21', '2026-11-23'));
    await admin.call(api.deleteSite, { site });
    expect(await keys(site)).toEqual([]);
  });

  it('forgets whoever is erased before that is confirmed, and nobody else; not while its store is away', async () => {
    const site = await busySite();
    await archived(site);
    const before = await everything(site);
    expect(before).toMatch(/[vs]_needle/);
    expect(before).toContain('2125550187');
    const away = (): Promise<never> => Promise.reject(new Error('away'));
    env.ARCHIVE = { put: away, delete: away, list: away } as unknown as R2Bucket;
    const refused = await admin.send(api.eraseVisitor, { site, id: 'v_needle' });
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([503, 'archive_behind']);
    expect((await admin.send(api.deleteSite, { site })).status).toBe(503);
    expect((await admin.send(api.getVisitor, { site, id: 'v_needle' })).status).toBe(404);
    env.ARCHIVE = bucket;
    expect(await everything(site)).toBe(before);

    expect((await admin.send(api.eraseVisitor, { site, id: 'v_needle' })).status).toBe(204);
    const left = await everything(site);
    expect(left).not.toMatch(/[vs]_needle|\/needle|2125550187/);
    expect(left).toContain('v_other');
    const calls = (await rowsOf(site, 'day=2026-11-20/calls.parquet')).map(({ id, visitor }) => `${id} ${visitor}`);
    expect(calls.sort()).toEqual(['CA_needle_2026-11-20 null', 'CA_other_2026-11-20 v_other']);
    expect(await keys(site)).not.toContain('day=2026-11-21/visits.parquet');
    expect((await admin.send(api.eraseCaller, { site, number: PEOPLE.other })).status).toBe(204);
    expect(await everything(site)).not.toContain('2125550123');
  });

  it('forgets whoever is erased while their file is being written', async () => {
    const site = await busySite();
    await ledgerNight(site);
    // One slice: the first file is begun, and has rows of whoever is erased next.
    await inLedger(site, async (core) => {
      await new Archive(core).work(Date.now());
    });
    expect((await admin.send(api.eraseVisitor, { site, id: 'v_needle' })).status).toBe(204);
    await archived(site);
    expect(await keys(site)).toContain('day=2026-11-20/visits.parquet');
    expect(await everything(site)).not.toMatch(/[vs]_needle|\/needle|2125550187/);
  });

  it('has what comes late for a day that is archived, and what changes of a call', async () => {
    const site = await busySite();
    await archived(site);
    const seq = (Date.parse('2026-11-20T12:00:00Z') - Date.UTC(2020, 0, 1)) * 4096;
    await ledgerRows(
      site,
      `INSERT INTO visit (seq, rev, day, hour, channel, source, medium, pages, late, active_for, id)
       SELECT ?, 1, min(day), 12, 0, 0, 0, 1, 0, 0, 's_late' FROM visit`,
      seq,
    );
    await ledgerRows(
      site,
      `INSERT INTO hold (seq, rev, visit, number, target, kind, late, active_for, lasts_for) VALUES (?, 1, ?, 0, 0, 0, 0, 0, 0)`,
      seq,
      seq,
    );
    await archived(site);
    expect((await rowsOf(site, 'day=2026-11-20/visits.parquet')).map(({ id }) => id)).not.toContain('s_late');
    setClock('2026-11-24T11:00:00Z');
    await archived(site);
    expect((await rowsOf(site, 'day=2026-11-20/visits.parquet')).map(({ id }) => id)).toContain('s_late');
    expect((await rowsOf(site, 'day=2026-11-20/bindings.parquet')).map(({ session }) => session)).toContain('s_late');
    const calls = await rowsOf(site, 'day=2026-11-20/calls.parquet');
    expect(calls).toHaveLength(2);
    await admin.call(api.patchCall, { site, id: String(calls[0]?.id), body: { value: 77 } });
    await settled(site);
    await archived(site);
    expect((await rowsOf(site, 'day=2026-11-20/calls.parquet'))[0]).toMatchObject({ value: 77 });
  });

  it('loses the files of a day as soon as the ledger forgets any of it, and all of them with the site', async () => {
    const site = await busySite();
    await archived(site);
    await bucket.put('site=another/day=2026-11-20/visits.parquet', 'of another');
    setClock('2026-12-21T12:00:00Z');
    const { id: _, ...config } = await admin.call(api.getSite, { site });
    await admin.call(api.putSite, { site, body: { ...config, retentionDays: 30 } as never });
    await visit(site, { at: '2026-12-21T12:00:00Z', visitor: 'v_new', session: 's_new', page: AD });
    await settled(site);
    await archived(site);
    expect(await keys(site)).toEqual(filesOf('2026-11-23'));
    await admin.call(api.deleteSite, { site });
    expect(await keys(site)).toEqual([]);
    expect(await keys('another')).toHaveLength(1);
  });

  it('has every row once, wherever it was stopped', async () => {
    const site = await newSite(0);
    const day = Date.parse('2026-11-20') / 86_400_000;
    const seqs = (Date.parse('2026-11-20T12:00:00Z') - Date.UTC(2020, 0, 1)) * 4096;
    const counting = { model: 'linear' as const, qualifiedSeconds: 0, qualifiedValue: 0 };
    await inLedger(site, async (core) => {
      core.change(() => core.keepRules({ timeZone: 'UTC', lookbackDays: 90, retentionDays: 395, counting }));
      core.sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 11999)
         INSERT INTO visit (seq, rev, day, hour, channel, source, medium, pages, late, active_for, id, landing_page)
         SELECT ? + i, 1, ?, 0, 0, 0, 0, 1, 0, 0, 's_' || i, 'https://acme.example/' || i FROM n`,
        seqs,
        day,
      );
      planFiles(core, Date.now() as never);
      let puts = 0;
      const dies = (when: string) => Promise.reject(new Error(`killed ${when}`));
      env.ARCHIVE = {
        delete: (key: string) => bucket.delete(key),
        put: async (key: string, bytes: ReadableStream) => {
          puts++;
          if (puts % 3 === 1) return dies('before the file was there');
          await bucket.put(key, bytes);
          if (puts % 3 === 2) return dies('when it was there');
        },
      } as unknown as R2Bucket;
      // It dies with all that it remembers after each seventh turn, and whenever the store does.
      let kills = 0;
      for (let turns = 1, archive = new Archive(core), next: number | null = 0; next !== null; turns++) {
        expect(turns).toBeLessThan(100);
        try {
          next = await archive.work(Date.now());
        } catch {
          kills++;
          archive = new Archive(core);
        }
        if (turns % 7 === 0) {
          kills++;
          archive = new Archive(core);
        }
      }
      expect(kills).toBeGreaterThan(4);
      env.ARCHIVE = bucket;
      expect(core.all('SELECT n FROM archive_parts')).toEqual([]);
    });
    expect(await keys(site)).toEqual(['day=2026-11-20/page_views.parquet', 'day=2026-11-20/visits.parquet']);
    const name = 'day=2026-11-20/visits.parquet';
    expect(parquetMetadata(await bytesOf(site, name)).row_groups.map(({ num_rows }) => Number(num_rows))).toEqual([
      10_000, 2_000,
    ]);
    expect((await rowsOf(site, name)).map(({ id }) => id)).toEqual(Array.from({ length: 12_000 }, (_, i) => `s_${i}`));
  });
});
