import { api, DataTable } from '@dialmark/shared';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { admin, ledgerRows, newSite, ORIGIN } from './edge.ts';
import { call, settled, visit } from './journeys.ts';

afterAll(() => {
  vi.useRealTimers();
});

async function read(site: string, table: string, query: Record<string, string> = {}) {
  const response = await admin.send(api.readData, { site, table, query });
  return {
    status: response.status,
    type: response.headers.get('Content-Type'),
    cursor: response.headers.get('Dialmark-Cursor'),
    link: response.headers.get('Link'),
    text: await response.text(),
  };
}

describe('the data of a site', () => {
  let site: string;
  beforeAll(async () => {
    site = await newSite(5);
    for (let i = 0; i < 5; i++) {
      const shown = await visit(site, {
        at: '2026-11-24T10:00:00Z',
        visitor: `v_${i}`,
        session: `s_${i}`,
        page: '/a?x="1,2"',
      });
      await call(site, `CA${i}`, shown, '2026-11-24T10:01:00Z', { from: `+1212555010${i}` });
    }
    await settled(site);
  });

  it('is read as NDJSON page by page, every row once', async () => {
    const rows: { id: string; landing_page: string }[] = [];
    let cursor: string | null = null;
    do {
      const page = await read(site, 'sessions', { format: 'ndjson', limit: '2', ...(cursor ? { cursor } : {}) });
      expect(page.type).toBe('application/x-ndjson');
      rows.push(
        ...page.text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
      cursor = page.cursor;
      expect(page.link === null).toBe(cursor === null);
    } while (cursor !== null);
    expect(rows.map(({ id }) => id)).toEqual(['s_0', 's_1', 's_2', 's_3', 's_4']);
    expect(rows[0]).toMatchObject({ landing_page: `${ORIGIN}/a?x="1,2"`, channel: 'Direct', day: '2026-11-24' });
    expect(rows[0]).not.toHaveProperty('site');
  });

  it('is read as CSV with a header, from every table', async () => {
    for (const table of DataTable.options) {
      const { status, type, text } = await read(site, table);
      expect([table, status, type]).toEqual([table, 200, 'text/csv; charset=utf-8']);
      expect(text.split('\r\n')[0]).not.toBe('');
    }
    const { text } = await read(site, 'calls');
    expect(text).toMatch(/^id,carrier,caller,number,/);
    expect(text.trim().split('\r\n')).toHaveLength(6);
    const touches = await read(site, 'call_touches', { limit: '2' });
    const rest = await read(site, 'call_touches', { cursor: touches.cursor as string });
    expect(rest.text.trim().split('\r\n')).toHaveLength(4);
  });

  it('has the messages to destinations with what became of them, and nothing of how they are signed', async () => {
    const integration = { id: 'crm', kind: 'webhook' as const, url: 'https://crm.example/hooks' };
    const { signingSecret } = await admin.call(api.putIntegration, { site, body: integration });
    const row = ['d_1', 'crm', 'CA1', 'call.completed', 0, 1, 'x', 'delivered', '{"type":"call.completed"}', 0, 0];
    await ledgerRows(
      site,
      `INSERT INTO deliveries (id, integration, call, event, revision, position, digest, state, payload, created_at,
         next_at) VALUES (${row.map(() => '?')})`,
      ...row,
    );
    const { text } = await read(site, 'deliveries', { format: 'ndjson' });
    expect(JSON.parse(text)).toMatchObject({ id: 'd_1', call: 'CA1', event: 'call.completed', state: 'delivered' });
    expect(text).not.toContain(String(signingSecret).slice(6));
    for (const table of ['integrations', 'visit', 'pairs', 'words', 'erasures', 'sqlite_master']) {
      expect([table, (await read(site, table)).status]).toEqual([table, 400]);
    }
  });

  it('is of one site only', async () => {
    const other = await newSite(0);
    expect((await read(other, 'sessions', { format: 'ndjson' })).text).toBe('');
  });

  it('is refused where the question makes no sense', async () => {
    const unknown = await read(site, 'secrets');
    expect(unknown.status).toBe(400);
    expect(unknown.text).toContain('call_touches');
    for (const cursor of ['x', '!!', 'WzFd', 'W10', '']) {
      expect((await read(site, 'page_views', { cursor })).status).toBe(400);
    }
    expect((await read(site, 'sessions', { format: 'xml' })).status).toBe(400);
    expect((await read('nobody', 'sessions')).status).toBe(404);
  });
});
