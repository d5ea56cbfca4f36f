import { api } from '@dialmark/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { admin, ledgerRows, newSite } from './edge.ts';
import { call, column, reportOf, settled, visit } from './journeys.ts';

const AD = '/roof?utm_source=google&utm_medium=cpc&utm_campaign=Before+the+rain&utm_term=roof+repair&gclid=abc';
const NOVEMBER = { from: '2026-11-01', to: '2026-11-30' };

afterAll(() => {
  vi.useRealTimers();
});

/** Two calls after an ad, one of them from a later direct visit; one of a visitor without an ad; one of nobody. */
async function siteWithCalls(config: Parameters<typeof newSite>[1] = {}): Promise<string> {
  const site = await newSite(5, { timeZone: 'UTC', country: 'US', ...config });
  const ad = await visit(site, { at: '2026-11-03T10:00:00Z', visitor: 'v_1', session: 's_1', page: AD });
  await call(site, 'CA1', ad, '2026-11-03T10:02:00Z', { from: '+12125550101' });
  const direct = await visit(site, { at: '2026-11-10T10:00:00Z', visitor: 'v_1', session: 's_2', page: '/contact' });
  await call(site, 'CA2', direct, '2026-11-10T10:02:00Z', { from: '+12125550101' });
  const other = await visit(site, { at: '2026-11-11T10:00:00Z', visitor: 'v_2', session: 's_3', page: '/100%25' });
  await call(site, 'CA3', other, '2026-11-11T10:02:00Z', { from: '+442079460018' });
  await call(site, 'CA4', '+14155559999', '2026-11-12T10:02:00Z', { from: null });
  await settled(site);
  return site;
}

async function found(site: string, query: Record<string, string>): Promise<string[]> {
  const { items } = await admin.call(api.listCalls, { site, query });
  return items.map(({ id }) => id);
}

describe('a search for calls', () => {
  let site: string;
  beforeAll(async () => {
    site = await siteWithCalls();
    await admin.call(api.patchCall, { site, id: 'CA3', body: { tags: { outcome: 'Booked' } } });
    const source = {
      number: '+14155559999',
      target: 'main',
      kind: 'source',
      name: 'Radio spot',
      match: { source: 'x' },
    };
    await admin.call(api.addNumbers, { site, body: { numbers: [source] } });
    await settled(site);
  });

  it.each([
    ['part of a campaign, in any case', 'before the RAIN', ['CA1']],
    ['a keyword', 'roof repair', ['CA1']],
    ['a page', '/contact', ['CA2']],
    ['a channel', 'direct', ['CA3', 'CA2']],
    ['a tag', 'booked', ['CA3']],
    ["part of the call's id", 'ca4', ['CA4']],
    ["part of the caller's number, as people write it", '(212) 555-01', ['CA2', 'CA1']],
    ["a caller's number as dialled at home", '020 7946 0018', ['CA3']],
    ['a number that was dialled', '415 555 9999', ['CA4']],
    ['what a number is called', 'radio', ['CA4']],
    ['a percent sign and nothing else', '%', ['CA3']],
    ['an underscore', 'c_1', []],
    ['what is nowhere', 'gutters', []],
    ['nothing', ' ', ['CA4', 'CA3', 'CA2', 'CA1']],
  ])('finds %s', async (_, search, ids) => {
    expect(await found(site, { search })).toEqual(ids);
  });

  it('goes with every other filter, and is CSV where that is asked for', async () => {
    expect(await found(site, { search: '212', from: '2026-11-05' })).toEqual(['CA2']);
    const query = { search: 'rain' };
    const answer = await admin.send(api.listCalls, { site, query, headers: { Accept: 'text/csv' } } as never);
    expect((await answer.text()).trim().split('\r\n')).toHaveLength(2);
  });

  it('is CSV with the same columns on every page, so that pages can be put together', async () => {
    const heads: string[] = [];
    const lines: string[] = [];
    for (let cursor: string | undefined; heads.length < 4; ) {
      const query = { limit: '1', ...(cursor ? { cursor } : {}) };
      const answer = await admin.send(api.listCalls, { site, query, headers: { Accept: 'text/csv' } } as never);
      const [head = '', line = ''] = (await answer.text()).split('\r\n');
      heads.push(head);
      lines.push(line);
      cursor = /cursor=([^>&]+)/.exec(answer.headers.get('Link') ?? '')?.[1];
    }
    expect(new Set(heads).size).toBe(1);
    const columns = (heads[0] as string).split(',');
    const at = (line: string | undefined, column: string) => line?.split(',')[columns.indexOf(column)];
    expect(lines.map((line) => at(line, 'id'))).toEqual(['CA4', 'CA3', 'CA2', 'CA1']);
    expect(at(lines[3], 'attribution.session.clickIds.gclid')).toBe('abc');
    expect(lines[1]).toContain('"{""outcome"":""Booked""}"');
  });

  it('does not look into the hashes that a site keeps instead of its callers', async () => {
    const hashed = await siteWithCalls({ callers: 'hashed' });
    const [kept] = (await admin.call(api.listCalls, { site: hashed, query: {} })).items.slice(1);
    const hash = kept?.from as string;
    expect(hash).toMatch(/^h_/);
    expect(await found(hashed, { search: hash.slice(2, 8) })).toEqual([]);
    expect(await found(hashed, { search: '2125550101' })).toEqual([]);
  });

  it('is refused where it is too long', async () => {
    await expect(found(site, { search: 'x'.repeat(101) })).rejects.toMatchObject({
      problem: { status: 400, errors: [{ path: 'search' }] },
    });
  });

  it('looks through ten thousand calls at once and goes on where it stopped', async () => {
    const large = await newSite(0);
    // The first question makes the ledger.
    expect(await found(large, {})).toEqual([]);
    await ledgerRows(
      large,
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 20999)
       INSERT INTO call (id, rev, day, carrier, caller, number, started_at, status, first_time, spam, match, confidence,
         candidates, details)
       SELECT CASE i WHEN 20500 THEN 'needle' ELSE 'CA' || i END, 1, 23148, 'api', NULL, '+14155551000',
         2000000000000 - i, 'completed', 0, 0, 'none', 0, '[]', '{}' FROM n`,
    );
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { search: 'needle', ...(cursor ? { cursor } : {}) };
      const page: { items: { id: string }[]; cursor: string | null } = await admin.call(api.listCalls, {
        site: large,
        query,
      });
      pages.push(page.items.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor);
    expect(pages).toEqual([[], [], ['needle']]);
  });
});

describe('calls that a model credits', () => {
  let site: string;
  beforeAll(async () => {
    site = await siteWithCalls();
  });

  it('are those of the visits it credits, not only of the visit that called', async () => {
    expect(await found(site, { channel: 'Paid Search' })).toEqual(['CA1']);
    expect(await found(site, { channel: 'Paid Search', model: 'last_non_direct' })).toEqual(['CA2', 'CA1']);
    expect(await found(site, { channel: 'Direct', model: 'last_non_direct' })).toEqual(['CA3']);
    expect(await found(site, { channel: 'Direct', model: 'linear' })).toEqual(['CA3', 'CA2']);
    expect(await found(site, { term: 'roof repair', model: 'first' })).toEqual(['CA2', 'CA1']);
    expect(await found(site, { landing_page: '/contact' })).toEqual(['CA2']);
  });

  it.each(['channel', 'source', 'medium', 'campaign', 'term', 'landing_page'])(
    'are as many as a report by %s counts, with those that have none and those of no visit',
    async (dimension) => {
      const model = 'last_non_direct';
      const counts = column(await reportOf(site, dimension, { ...NOVEMBER, model }), 'calls');
      expect(Object.keys(counts)).toContain('(unattributed)');
      for (const [key, calls] of Object.entries(counts)) {
        expect(await found(site, { [dimension]: key, model, spam: 'false', ...NOVEMBER })).toHaveLength(
          calls as number,
        );
      }
    },
  );

  it('are refused by a model that does not exist', async () => {
    await expect(found(site, { model: 'best' })).rejects.toMatchObject({ problem: { status: 400 } });
  });
});
