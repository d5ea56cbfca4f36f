import { api, type SqlResult } from '@dialmark/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { statementError } from '../src/ledger/read/sql.ts';
import { admin, drain, ledgerRows, mainOf, newSite, worker } from './edge.ts';

async function siteWithVisits(): Promise<string> {
  const site = await newSite(3);
  await mainOf(site, 's_1', {
    visitor: 'v_1',
    page: { url: 'https://acme.example/?utm_source=google&utm_medium=cpc' },
  });
  await mainOf(site, 's_2', { visitor: 'v_2', page: { url: 'https://acme.example/roof' } });
  return site;
}

const ask = (site: string, sql: string, body: object = {}) =>
  admin.send(api.querySql, { site, body: { sql, ...body } });
const rowsOf = async (site: string, sql: string, body: object = {}) =>
  ((await (await ask(site, sql, body)).json()) as SqlResult).rows;

describe('SQL on a ledger', () => {
  it('finds what was acknowledged just before', async () => {
    const site = await siteWithVisits();
    const answer = await ask(site, 'SELECT id, source FROM sessions WHERE visitor = ? ORDER BY id', {
      params: ['v_1'],
    });
    expect(answer.headers.get('Dialmark-Behind')).toBeNull();
    expect(await answer.json()).toEqual({ columns: ['id', 'source'], rows: [['s_1', 'google']], truncated: false });
  });

  it('says that there is more than it was asked for', async () => {
    const site = await siteWithVisits();
    const answer = await ask(site, 'SELECT id FROM sessions ORDER BY id', { limit: 1 });
    expect(await answer.json()).toEqual({ columns: ['id'], rows: [['s_1']], truncated: true });
    const endless = 'WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n';
    expect(await rowsOf(site, endless, { limit: 10_000 })).toHaveLength(10_000);
  });

  it.each([
    'WITH gone AS (SELECT 1) DELETE FROM visit RETURNING id',
    "WITH more AS (SELECT 1) INSERT INTO words (id, text) VALUES (999, 'made up') RETURNING id",
    'WITH other AS (SELECT 1) UPDATE visit SET pages = 99 RETURNING pages',
  ])('keeps nothing of %s', async (statement) => {
    const site = await siteWithVisits();
    await drain(site);
    const held = () => ledgerRows(site, 'SELECT * FROM visit ORDER BY seq');
    const before = await held();
    expect(before).toHaveLength(2);
    expect((await ask(site, statement)).status).toBe(200);
    expect(await held()).toEqual(before);
    expect(await ledgerRows(site, "SELECT 1 FROM words WHERE text = 'made up'")).toEqual([]);
  });

  it.each([
    ['DROP TABLE visit', 'must begin with SELECT'],
    ['PRAGMA table_info(visit)', 'must begin with SELECT'],
    ['DELETE FROM visit', 'must begin with SELECT'],
    ['SELECT 1; DELETE FROM visit', 'must be one statement'],
    ['SELECT id FROM nowhere', 'no such table'],
    ['SELECT key FROM _cf_KV', 'was refused'],
    ['SELECT ?', 'was refused'],
    ['/* a note */ -- another', 'must begin with SELECT'],
  ])('refuses %s', async (statement, message) => {
    const site = await siteWithVisits();
    const answer = await ask(site, statement);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'sql', code: 'invalid_sql', message: expect.stringContaining(message) }],
    });
    expect(await rowsOf(site, 'SELECT count(*) FROM sessions')).toEqual([[2]]);
  });

  it('reads a semicolon in a text, a name or a comment as part of it', () => {
    const texts = ["';'", '";"', '`;`', '[;]', '/* ; */', '-- ;\n', "'it''s ; so'"];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...texts), { maxLength: 5 }), (parts) => {
        expect(statementError(`SELECT 1 ${parts.join(' ')} ;  `)).toBeNull();
        expect(statementError(`SELECT 1 ${parts.join(' ')} ; SELECT 2`)).toBe('must be one statement');
      }),
    );
  });

  it('needs its own scope, or admin', async () => {
    const site = await siteWithVisits();
    const tokenOf = async (scopes: ('read' | 'sql')[]) =>
      (await admin.call(api.createToken, { body: { scopes, site } })).token;
    const as = (token: string) =>
      worker(
        new Request(`https://edge.example/v1/sites/${site}/sql`, {
          method: 'POST',
          headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
          body: JSON.stringify({ sql: 'SELECT 1 AS one' }),
        }),
      );
    expect((await as(await tokenOf(['read']))).status).toBe(403);
    expect((await as(await tokenOf(['sql']))).status).toBe(200);
  });
});

describe('a ledger in doubt', () => {
  it('is sent again what the pool has since a moment', async () => {
    const site = await siteWithVisits();
    const call = { id: 'CA1', to: '+14155551000', from: '+12125550199', startedAt: new Date().toISOString() };
    await admin.call(api.reportCall, { site, body: call });
    await drain(site);
    for (const table of ['visit', 'hold', 'call', 'touch']) await ledgerRows(site, `DELETE FROM ${table}`);
    const since = new Date(Date.now() - 3600_000).toISOString();
    expect((await admin.send(api.resendLedger, { site, body: { since } })).status).toBe(204);
    await drain(site);
    await drain(site);
    expect(await rowsOf(site, 'SELECT id FROM sessions ORDER BY id')).toEqual([['s_1'], ['s_2']]);
    expect(await rowsOf(site, 'SELECT count(*) FROM bindings')).toEqual([[2]]);
    expect(await rowsOf(site, 'SELECT id FROM calls')).toEqual([['CA1']]);
    expect(await rowsOf(site, 'SELECT count(*) FROM call_touches')).toEqual([[1]]);
  });

  it('can go back to an earlier moment only where the platform keeps one', async () => {
    const site = await siteWithVisits();
    const restore = (at: number) => admin.send(api.restoreLedger, { site, body: { at: new Date(at).toISOString() } });
    expect((await restore(Date.now() + 3600_000)).status).toBe(400);
    const answer = await restore(Date.now() - 3600_000);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([409, 'restore_unavailable']);
  });
});
