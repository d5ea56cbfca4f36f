import { api, type Operation } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { admin, drain, leaseOf, newSite, ORIGIN, pageHeaders, worker } from './edge.ts';

const NUMBER = '+14155551000';
const STARTED_AT = '2026-11-24T10:00:00Z';

/** Sends JSON as it is written, to an operation of a site, and gives the status, which is never 5xx. */
async function send(key: keyof typeof api, site: string, body: string, names: Record<string, string> = {}) {
  const { method, access, path }: Operation = api[key];
  const address = path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(name === 'site' ? site : (names[name] ?? 'x')),
  );
  const headers: Record<string, string> =
    access === 'public' ? pageHeaders : { Authorization: 'Bearer test-admin-token' };
  const init = method === 'GET' || method === 'DELETE' ? { method, headers } : { method, headers, body };
  const response = await worker(new Request(`https://edge.example${address}`, init));
  const text = await response.text();
  expect(response.status, `${method} ${address}: ${text.slice(0, 200)}`).toBeLessThan(500);
  return response.status;
}

/** A visit and a call that come afterwards reach the ledger: nothing before them stands in their way. */
async function ledgerGoesOn(site: string): Promise<void> {
  const { numbers } = await leaseOf(site, 's_after');
  const to = numbers.main?.number as never;
  await admin.call(api.reportCall, { site, body: { id: 'CA_after', to, startedAt: new Date().toISOString() } });
  for (let round = 0; round < 5; round++) await drain(site);
  const { items } = await admin.call(api.listCalls, { site, query: {} });
  expect(items.map(({ id }) => id)).toContain('CA_after');
  expect((await admin.call(api.listBindings, { site, query: { session: 's_after' } })).items).toHaveLength(1);
}

const arrays = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const objects = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('JSON of thousands of levels', () => {
  const PAGE = `{"url":"${ORIGIN}/"}`;
  /** Each body with a hole for it, wherever a body takes free data or a list of anything, and as a whole. */
  const HOLES: [operation: keyof typeof api, body: (deep: string) => string][] = [
    ['lease', (deep) => deep],
    ['lease', (deep) => `{"session":"s_1","page":${PAGE},"touch":${deep}}`],
    ['lease', (deep) => `{"session":"s_1","page":${PAGE},"targets":${deep}}`],
    ['lease', (deep) => `{"session":"s_1","page":${PAGE},"more":${deep}}`],
    ['event', (deep) => `{"type":"tag","session":"s_1","data":${deep}}`],
    ['event', (deep) => `{"type":"tag","session":"s_1","data":{"a":${deep}}}`],
    ['event', (deep) => `{"type":"pageview","session":"s_1","page":${deep}}`],
    ['patchCall', (deep) => `{"tags":${deep}}`],
    ['patchCall', (deep) => `{"tags":{"a":${deep}}}`],
    ['reportCall', (deep) => `{"id":"CA2","to":"${NUMBER}","startedAt":"${STARTED_AT}","more":${deep}}`],
    ['addNumbers', (deep) => `{"numbers":[${deep}]}`],
    ['addNumbers', (deep) => `{"numbers":[{"number":"+14155551777","target":"main","kind":"source","match":${deep}}]}`],
    ['addCosts', (deep) => `{"rows":[${deep}]}`],
    ['addCosts', (deep) => `{"rows":[{"date":"2026-11-24","cost":1,"campaign":${deep}}]}`],
    ['putIntegration', (deep) => `{"id":"crm","kind":"webhook","url":"https://crm.example/","rules":${deep}}`],
    ['putSite', (deep) => `{"targets":[{"id":"main","number":"+14155550100"}],"carriers":${deep}}`],
    ['putSite', (deep) => `{"targets":${deep}}`],
    ['createToken', (deep) => deep],
  ];

  it.each([
    ['arrays', 1000, arrays],
    ['arrays', 5000, arrays],
    ['objects', 1000, objects],
    ['objects', 2500, objects],
    ['objects', 5000, objects],
  ])('%s, %i deep, are taken or refused, and the ledger goes on', async (_, levels, nested) => {
    const site = await newSite();
    await leaseOf(site, 's_1');
    await admin.call(api.reportCall, { site, body: { id: 'CA1', to: NUMBER as never, startedAt: STARTED_AT } });
    for (const [operation, body] of HOLES) await send(operation, site, body(nested(levels)), { id: 'CA1' });
    await ledgerGoesOn(site);
  });
});

describe('names that every object of JavaScript has', () => {
  const NAMES = ['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty'];

  it.each(NAMES)('%s, as session, visitor, target, call or integration, and the ledger goes on', async (name) => {
    const site = await newSite();
    await leaseOf(site, name, { visitor: name });
    await send('lease', site, JSON.stringify({ session: 's_1', targets: [name], page: { url: ORIGIN } }));
    for (const type of ['pageview', 'heartbeat', 'tel_click', 'consent', 'tag', 'leave']) {
      const body = { type, session: name, visitor: name, target: name, page: { url: ORIGIN } };
      await send('event', site, JSON.stringify(body).replace(/}$/, `,"data":{${JSON.stringify(name)}:"x"}}`));
    }
    const call = { id: name, to: NUMBER, startedAt: STARTED_AT };
    expect(await send('reportCall', site, JSON.stringify(call))).toBeLessThan(300);
    await send('patchCall', site, `{"tags":{${JSON.stringify(name)}:1}}`, { id: name });
    await send('addNumbers', site, JSON.stringify({ numbers: [{ number: '+14155551777', target: name }] }));
    const integration = { id: name, kind: 'webhook', url: 'https://crm.example/' };
    await send('putIntegration', site, JSON.stringify(integration));
    await send('addCosts', site, JSON.stringify({ rows: [{ date: '2026-11-24', source: name, cost: 1 }] }));
    for (const key of Object.keys(api) as (keyof typeof api)[]) {
      const { method, path }: Operation = api[key];
      if (method === 'GET') await send(key, site, '', { id: name, number: NUMBER, table: name, dimension: name });
      if (method === 'GET' && path.includes('{number}')) await send(key, site, '', { number: name });
    }
    await ledgerGoesOn(site);
    expect(await admin.call(api.getSession, { site, id: name })).toMatchObject({ id: name, visitor: name });
    expect(await admin.call(api.getVisitor, { site, id: name })).toMatchObject({ sessions: [{ id: name }] });
    await send('eraseVisitor', site, '', { id: name });
    await drain(site);
    await ledgerGoesOn(site);
  });

  it.each(NAMES)('%s, as a site and its target, is taken or refused', async (name) => {
    const body = { origins: [ORIGIN], targets: [{ id: name, number: '+14155550100' }] };
    const target = await newSite(0);
    const status = await send('putSite', target, JSON.stringify(body));
    if (status < 300) {
      await send('addNumbers', target, JSON.stringify({ numbers: [{ number: NUMBER, target: name }] }));
      const { numbers } = await leaseOf(target, 's_1');
      expect(Object.hasOwn(numbers, name)).toBe(true);
      await send('pool', target, '');
    }
    const main = { ...body, targets: [{ id: 'main', number: '+14155550100' }] };
    if ((await send('putSite', name, JSON.stringify(main))) < 300) {
      await send('addNumbers', name, JSON.stringify({ numbers: [{ number: NUMBER, target: 'main' }] }));
      await ledgerGoesOn(name);
      await send('deleteSite', name, '');
    }
  });
});
