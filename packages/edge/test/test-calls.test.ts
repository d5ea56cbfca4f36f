import { createMessageBatch, runInDurableObject } from 'cloudflare:test';
import {
  api,
  type Call,
  Model,
  type NewIntegrationInput,
  type ReportRow,
  type SiteConfigInput,
} from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { CarrierName } from '@dialmark/shared/wire/forwarding';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConversionMessage } from '../src/conversions/message.ts';
import edge from '../src/index.ts';
import { poolOf } from '../src/pool/shards/remote-pool.ts';
import { secretsOf, signedRequest } from './carrier-signers.ts';
import { STORIES } from './carrier-stories.ts';
import { admin, env, leaseOf, ledgerRows, mainOf, newSite, ORIGIN, poolNumber, worker } from './edge.ts';

const OWN = '+14155550101';
const CALLER = '+12125550199';
const AD = `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&gclid=Cj0KCQ-abc_1`;
const today = () => new Date().toISOString().slice(0, 10);

const siteOf = (numbers = 2, more: Partial<SiteConfigInput> = {}) => newSite(numbers, { ownPhones: [OWN], ...more });

let calls = 0;
const call = (site: string, to: string, from: string | null, more: object = {}): Promise<Call> =>
  admin.call(api.reportCall, {
    site,
    body: { id: `t${++calls}`, from, to, startedAt: new Date().toISOString(), durationSeconds: 90, ...more },
  });

const shown = async (site: string, visitor = 'v_1', session = `s_${visitor}`) =>
  (await mainOf(site, session, { visitor, page: { url: AD }, touch: { url: AD } })).number as string;

async function listed(site: string, query: Record<string, string> = {}): Promise<string[]> {
  const { items } = await admin.call(api.listCalls, { site, query });
  return items.map(({ id }) => id).sort();
}

async function rowsOf(site: string, dimension: string, query: object = {}): Promise<ReportRow[]> {
  const { rows } = await admin.call(api.report, { site, dimension, query: { from: today(), to: today(), ...query } });
  return rows;
}
const callsIn = (rows: readonly ReportRow[]) => rows.reduce((sum, row) => sum + row.calls, 0);

const request = (path: string, init: RequestInit = {}) =>
  worker(
    new Request(`https://edge.example/v1/sites/${path}`, {
      ...init,
      headers: { Authorization: 'Bearer test-admin-token', ...init.headers },
    }),
  );

const GA4: NewIntegrationInput = {
  id: 'ga',
  kind: 'ga4',
  measurementId: 'G-ABC123DEF4',
  delayMinutes: 720,
  secrets: { apiSecret: 's' },
};

describe('a test call', () => {
  it('is one from an own phone, or one that says so', async () => {
    const site = await siteOf();
    expect((await admin.call(api.getSite, { site })).ownPhones).toEqual([OWN]);
    const number = await shown(site);
    expect(await call(site, number, OWN)).toMatchObject({ test: true, firstTime: false, from: OWN });
    expect(await call(site, number, CALLER, { test: true })).toMatchObject({ test: true, firstTime: false });
    expect(await call(site, number, null, { test: true })).toMatchObject({ test: true });
    expect(await call(site, number, CALLER)).toMatchObject({ test: false, firstTime: true });
    expect(await call(site, number, null)).toMatchObject({ test: false });
  });

  it.each(CarrierName.options)('is known from the webhooks of %s, also where callers are hashed', async (carrier) => {
    const secret = 'the secret of the account';
    const site = await siteOf(2, { callers: 'hashed', carriers: { [carrier]: await secretsOf(carrier, secret) } });
    const to = await shown(site);
    const ring = async (id: string, from: string, query = '') => {
      const url = `https://edge.example/v1/sites/${site}/carriers/${carrier}/voice${query}`;
      const fields = STORIES[carrier].incoming({ call: id, from, to });
      const answer = await worker(await signedRequest(carrier, secret, url, fields));
      expect(answer.status).toBe(200);
      return admin.call(api.getCall, { site, id });
    };
    const own = await ring('CA1', OWN);
    expect(own.test).toBe(true);
    expect(own.from).toMatch(/^h_/);
    expect((await ring('CA2', CALLER)).test).toBe(false);
    expect((await ring('CA3', CALLER, '?test=true')).test).toBe(true);
    expect((await ring('CA4', CALLER, '?test=1')).test).toBe(false);
    // What is said later of somebody's call changes nothing.
    expect((await ring('CA2', CALLER, '?test=true')).test).toBe(false);
  });

  it('is fixed when the call comes in', async () => {
    const site = await siteOf(1, { ownPhones: [] });
    const [own, other, withheld] = ['own', 'other', 'withheld'];
    const told = (id: string, from: string | null, more = {}) => call(site, poolNumber(0), from, { id, ...more });
    expect((await told(own, OWN)).test).toBe(false);
    expect((await told(other, CALLER)).test).toBe(false);
    const config = await admin.call(api.getSite, { site });
    const { origins, targets } = config;
    await admin.call(api.putSite, { site, body: { origins, targets, ownPhones: [OWN] } });
    expect((await told(own, OWN, { value: 5 })).test).toBe(false);
    expect((await told(other, CALLER, { test: true })).test).toBe(false);
    expect((await told(withheld, null)).test).toBe(false);
    expect((await told(withheld, null, { test: true })).test).toBe(false);
    expect((await told('new', OWN)).test).toBe(true);
    await admin.call(api.putSite, { site, body: { origins, targets, ownPhones: [] } });
    expect((await told('new', OWN, { test: false })).test).toBe(true);
    expect((await admin.call(api.patchCall, { site, id: 'new', body: { value: 7, spam: true } })).test).toBe(true);
  });

  it('is in no list unless it is asked for', async () => {
    const site = await siteOf();
    const number = await shown(site);
    const test = await call(site, number, OWN);
    const real = await call(site, number, CALLER);
    expect(await listed(site)).toEqual([real.id]);
    expect(await listed(site, { test: 'exclude', number })).toEqual([real.id]);
    expect(await listed(site, { test: 'include' })).toEqual([real.id, test.id].sort());
    expect(await listed(site, { test: 'only' })).toEqual([test.id]);
    expect(await listed(site, { caller: OWN })).toEqual([]);
    expect(await listed(site, { caller: OWN, test: 'only' })).toEqual([test.id]);
    const csv = await request(`${site}/calls?test=only`, { headers: { Accept: 'text/csv' } });
    const [head = '', ...lines] = (await csv.text()).trim().split('\r\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.split(',')[head.split(',').indexOf('test')]).toBe('true');
    // It can be opened all the same.
    expect(await admin.call(api.getCall, { site, id: test.id })).toMatchObject({ attribution: { match: 'active' } });
    for (const kept of [
      await admin.call(api.getVisitor, { site, id: 'v_1' }),
      await admin.call(api.getSession, { site, id: 's_v_1' }),
    ]) {
      expect(kept.calls.map(({ id }) => id)).toEqual([real.id]);
    }
    expect(await ledgerRows(site, 'SELECT id, test FROM calls ORDER BY test')).toEqual([
      { id: real.id, test: 0 },
      { id: test.id, test: 1 },
    ]);
  });

  it('is in no report, exported click or overview', async () => {
    const site = await siteOf(2, { values: { qualifiedCall: 100 } });
    await admin.call(api.addNumbers, {
      site,
      body: { numbers: [{ number: '+14155550177', target: 'main', kind: 'source', preset: 'radio' }] },
    });
    const number = await shown(site);
    for (const to of [number, '+14155550177', '+14155550100']) await call(site, to, OWN, { value: 50 });
    for (const dimension of ['channel', 'source', 'number', 'target', 'hour', 'day', 'landing_page']) {
      for (const model of Model.options) expect(callsIn(await rowsOf(site, dimension, { model }))).toBe(0);
    }
    await call(site, number, CALLER);
    await call(site, number, OWN, { value: 50 });
    expect(await rowsOf(site, 'channel')).toMatchObject([
      { key: 'Paid Search', calls: 1, firstTimeCalls: 1, value: 100 },
    ]);
    const clicks = await request(`${site}/exports/google-ads.csv?conversion=Call`).then((answer) => answer.text());
    expect(clicks.match(/Cj0KCQ-abc_1/g)).toHaveLength(1);
  });

  it('tells no integration, and each says why', async () => {
    const site = await siteOf();
    const number = await shown(site);
    const put = (more: object) =>
      admin.call(api.putIntegration, { site, body: { ...GA4, ...more } as NewIntegrationInput });
    await put({});
    await put({ id: 'off', paused: true });
    await put({ id: 'won', rules: { on: 'won' } });
    await put({
      id: 'hook',
      kind: 'webhook',
      url: 'https://crm.example/calls',
      rules: { spam: true },
      secrets: undefined,
    });
    const { id } = await call(site, number, OWN);
    await call(site, number, CALLER, { id: 'real' });
    for (const each of [id, 'real']) {
      const body: ConversionMessage = { about: 'call', site, pool: env.POOL.idFromName(site).toString(), call: each };
      await edge.queue(
        createMessageBatch('dialmark-conversions', [{ id: each, timestamp: new Date(), attempts: 1, body }]),
        env,
      );
    }
    const { items } = await admin.call(api.callConversions, { site, id });
    expect(items.map(({ integration, state, code }) => [integration, state, code]).sort()).toEqual(
      ['ga', 'hook', 'off', 'won'].map((integration) => [integration, 'not_sent', 'test_call']),
    );
    const deliveries = await admin.call(api.listDeliveries, { site });
    expect(new Set(deliveries.items.map(({ call }) => call))).toEqual(new Set(['real']));
    expect((await admin.call(api.callConversions, { site, id: 'real' })).items).toContainEqual(
      expect.objectContaining({ integration: 'ga', state: 'scheduled' }),
    );
  });

  it('is nobody’s first call, ties no visitor and is no touch of a journey', async () => {
    const site = await siteOf();
    const number = await shown(site);
    expect((await call(site, number, CALLER, { test: true })).attribution.visitor?.id).toBe('v_1');
    const elsewhere = await admin.call(api.addNumbers, {
      site,
      body: { numbers: [{ number: '+14155550177', target: 'main', kind: 'source', preset: 'radio' }] },
    });
    expect(elsewhere.added).toBe(1);
    await call(site, '+14155550177', CALLER, { test: true });
    // The same caller is new, and nobody's.
    const real = await call(site, '+14155550177', CALLER);
    expect(real).toMatchObject({ firstTime: true, attribution: { match: 'source', visitor: null } });
    expect(await rowsOf(site, 'channel', { model: 'linear' })).toMatchObject([
      { key: 'Offline', calls: 1 },
      { key: 'Paid Search', calls: 0 },
    ]);
    const again = await call(site, '+14155550177', CALLER);
    expect(again.firstTime).toBe(false);
    const { earlierCalls } = await ledgerFeedOf(site, again.id);
    expect(earlierCalls.map(({ id }) => id)).toEqual([real.id]);
  });

  it('teaches nothing, and is no sign of spam or of a number that was copied', async () => {
    const site = await siteOf(4);
    const numbers = [0, 1, 2, 3].map(poolNumber);
    for (const number of numbers) await call(site, number, CALLER, { test: true, durationSeconds: 1 });
    // Four numbers in ten minutes, and it hung up at once: of a stranger that would be spam.
    const real = await call(site, numbers[0] as string, CALLER, { durationSeconds: 20 });
    expect(real).toMatchObject({ spam: false, spamScore: 0, hint: { kind: 'stray' } });
    for (const number of numbers) {
      expect(await call(site, number, OWN, { durationSeconds: 1 })).toMatchObject({ spam: false, spamScore: 0 });
    }
    const learned = await runInDurableObject(env.POOL.getByName(site), (_, { storage }) =>
      storage.sql.exec("SELECT json_extract(habits, '$.calls') AS calls FROM habits").toArray(),
    );
    expect(learned).toEqual([{ calls: 1 }]);
  });

  it('can be deleted, and no other can', async () => {
    const site = await siteOf();
    const number = await shown(site);
    const test = await call(site, number, OWN);
    const real = await call(site, number, CALLER);
    expect(await listed(site, { test: 'include' })).toHaveLength(2);
    const gone = await request(`${site}/calls/${test.id}`, { method: 'DELETE' });
    expect([gone.status, await gone.text()]).toEqual([204, '']);
    const refused = await request(`${site}/calls/${real.id}`, { method: 'DELETE' });
    expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'not_a_test_call']);
    expect(await listed(site, { test: 'include' })).toEqual([real.id]);
    expect(await ledgerRows(site, 'SELECT id FROM calls')).toEqual([{ id: real.id }]);
    for (const method of ['GET', 'DELETE']) {
      const unknown = await request(`${site}/calls/${test.id}`, { method });
      expect([unknown.status, ((await unknown.json()) as { code: string }).code]).toEqual([404, 'call_not_found']);
    }
    // Reported once more, it is a new call.
    expect(await call(site, number, OWN, { id: test.id })).toMatchObject({ test: true });
    expect(await listed(site, { test: 'only' })).toEqual([test.id]);
    const { token } = await admin.call(api.createToken, { body: { name: 'r', scopes: ['read'], site } });
    const reader = createClient({ edge: 'https://edge.example', token, fetch: worker });
    await expect(reader.call(api.deleteCall, { site, id: test.id })).rejects.toMatchObject({
      problem: { status: 403 },
    });
  });

  it('can be deleted in a site of several shards, and is erased with its caller like any other', async () => {
    const site = await siteOf(6, { shards: 3 });
    const tests: Call[] = [];
    for (let i = 0; i < 6; i++) tests.push(await call(site, poolNumber(i), OWN));
    await admin.call(api.eraseCaller, { site, number: OWN });
    for (const { id, to } of tests) {
      expect(await admin.call(api.getCall, { site, id })).toMatchObject({ from: null, test: true });
      // A late report does not bring the caller back, nor does it make a call of it that counts.
      expect(await call(site, to as string, CALLER, { id })).toMatchObject({ from: null, test: true });
      await admin.call(api.deleteCall, { site, id });
    }
    expect(await listed(site, { test: 'include' })).toEqual([]);
  });

  it('takes no nonsense', async () => {
    const site = await siteOf(1);
    const codeOf = async (path: string, init?: RequestInit) => {
      const answer = await request(path, init);
      const { errors = [] } = (await answer.json()) as { errors?: { path: string; code: string }[] };
      return [answer.status, errors[0]?.path, errors[0]?.code];
    };
    const post = (body: object) => ({
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ id: 'x', from: null, to: poolNumber(0), startedAt: new Date().toISOString(), ...body }),
    });
    for (const test of ['yes', 1, null, []])
      expect(await codeOf(`${site}/calls`, post({ test }))).toEqual([400, 'test', expect.any(String)]);
    for (const test of ['true', 'ONLY', ''])
      expect(await codeOf(`${site}/calls?test=${test}`)).toEqual([400, 'test', expect.any(String)]);
    const { origins, targets } = await admin.call(api.getSite, { site });
    const put = (ownPhones: unknown) => ({
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ origins, targets, ownPhones }),
    });
    expect(await codeOf(site, put(['4155550101']))).toEqual([400, 'ownPhones.0', 'not_e164']);
    expect(await codeOf(site, put('+14155550101'))).toEqual([400, 'ownPhones', expect.any(String)]);
    expect(await codeOf(site, put([null]))).toEqual([400, 'ownPhones.0', expect.any(String)]);
    const many = (count: number) => Array.from({ length: count }, (_, i) => `+1415${5_550_000 + i}`);
    expect(await codeOf(site, put(many(101)))).toEqual([400, 'ownPhones', expect.any(String)]);
    expect((await request(site, put(many(100)))).status).toBe(200);
    expect((await request(site, put(undefined))).status).toBe(200);
    expect((await admin.call(api.getSite, { site })).ownPhones).toEqual([]);
  });

  it('never changes what is counted, in whatever order calls come', async () => {
    const step = fc.record({
      from: fc.constantFrom(OWN, CALLER, '+12125550142', null),
      to: fc.constantFrom(poolNumber(0), poolNumber(1), '+14155550177'),
      test: fc.boolean(),
      minutes: fc.nat(50),
      id: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const [site, without] = [await siteOf(2), await siteOf(2)];
        const seen = new Set<number>();
        const tests = new Set<string>();
        for (const each of [site, without]) {
          await admin.call(api.addNumbers, {
            site: each,
            body: { numbers: [{ number: '+14155550177', target: 'main', kind: 'source', preset: 'radio' }] },
          });
          await leaseOf(each, 's_1', { visitor: 'v_1', page: { url: AD } });
        }
        const now = Date.now();
        const isTest = ({ from, test }: (typeof steps)[number]) => test || from === OWN;
        for (const one of steps) {
          if (seen.has(one.id)) continue;
          seen.add(one.id);
          const startedAt = new Date(now - one.minutes * 60_000).toISOString();
          const body = { ...one, id: `p${one.id}`, startedAt, durationSeconds: 40 };
          await admin.call(api.reportCall, { site, body });
          if (isTest(one)) tests.add(body.id);
          else await admin.call(api.reportCall, { site: without, body });
        }
        const of = async (each: string) => ({
          calls: await listed(each),
          first: (await admin.call(api.listCalls, { site: each })).items.map(({ id, firstTime }) => [id, firstTime]),
          linear: (await rowsOf(each, 'source', { model: 'linear', from: '2020-01-01' })).map(({ key, calls }) => [
            key,
            calls,
          ]),
        });
        expect(await of(site)).toEqual(await of(without));
        expect(await listed(site, { test: 'only' })).toEqual([...tests].sort());
        for (const id of tests) await admin.call(api.deleteCall, { site, id });
        expect(await listed(site, { test: 'include' })).toEqual(await listed(without, { test: 'include' }));
      }),
      { numRuns: 5 },
    );
  });
});

/** Returns what conversions are told of a call. */
async function ledgerFeedOf(site: string, id: string) {
  const { value } = await poolOf(env, site).changes.find(id);
  return (value as { change: { earlierCalls: { id: string }[] } }).change;
}
