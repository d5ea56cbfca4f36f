import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type CallReport, type Delivery } from '@dialmark/shared';
import { type Client, createClient } from '@dialmark/shared/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Runs } from '../packages/edge/src/platform/remote.ts';
import { type Local, startLocal } from '../tools/local.ts';
import { receiveWebhooks } from './webhook-receiver.ts';

const persistTo = mkdtempSync(join(tmpdir(), 'dialmark-'));
const options = {
  port: 0,
  persistTo,
  adminToken: 'conversions',
  workerKey: 'conversions',
  variables: { DELIVERY_RETRY_SECONDS: '0' },
  inspect: true,
};
const ORIGIN = 'https://acme.example';
const AD = `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&utm_campaign=spring&utm_term=new%20roof&gclid=Cj0KCQ-abc_1`;

let local: Local;
let admin: Client;
let receiver: Awaited<ReturnType<typeof receiveWebhooks>>;
let number: string;
let startedAt: string;
let calls = 0;

beforeAll(async () => {
  local = await startLocal(options);
  admin = createClient({ edge: local.edge, token: 'conversions' });
  receiver = await receiveWebhooks();
  const targets = [{ id: 'main', number: '+14155550100' as never }];
  await admin.call(api.putSite, {
    site: 'acme',
    body: { name: 'Acme', origins: [ORIGIN], timeZone: 'America/New_York', targets },
  });
  await admin.call(api.addNumbers, { site: 'acme', body: { numbers: [{ number: '+14155550132', target: 'main' }] } });
  const { signingSecret } = await admin.call(api.putIntegration, {
    site: 'acme',
    body: { id: 'crm', kind: 'webhook', url: receiver.url },
  });
  receiver.signingSecret = signingSecret as string;
  const page = { url: AD, referrer: 'https://www.google.com/' };
  const lease = await admin.call(api.lease, {
    site: 'acme',
    body: { session: 's_1', visitor: 'v_1', page, touch: page },
  });
  number = lease.numbers.main?.number as string;
  startedAt = new Date().toISOString();
});

afterAll(async () => {
  receiver?.close();
  await local?.stop();
  rmSync(persistTo, { recursive: true, force: true });
});

beforeEach(() => {
  receiver.status = 204;
  receiver.accepted.length = 0;
  receiver.turnedAway.length = 0;
});

const newCall = () => `CA${++calls}`;
function report(id: string, more: Partial<CallReport> = {}) {
  const call = { id, from: '+12125550199', to: number, startedAt, ...more };
  return admin.call(api.reportCall, { site: 'acme', body: call as never });
}

async function deliveriesOf(call: string): Promise<Delivery[]> {
  return (await admin.call(api.listDeliveries, { site: 'acme', query: { call } })).items;
}

const accepted = (type: string) => receiver.accepted.filter(({ event }) => event.type === type);
const eventually = (what: () => unknown) => expect.poll(what, { timeout: 20_000, interval: 100 });

/** Everything the queue holds has been through once more: a later message has come out of it. */
async function queueSettles(): Promise<void> {
  const id = newCall();
  await report(id, { status: 'ringing' });
  await eventually(() => receiver.accepted.some(({ event }) => event.data.call.id === id)).toBe(true);
}

describe('webhooks', () => {
  it('tell who rings, with the visit, the keyword and the earlier calls, verified by the specification’s library', async () => {
    const id = newCall();
    await report('CA-before', { startedAt: new Date(Date.now() - 60_000).toISOString(), durationSeconds: 30 });
    await report(id, { status: 'ringing' });
    await eventually(() => accepted('call.ringing').length).toBe(1);
    const [received] = accepted('call.ringing');
    expect(received?.event.data).toMatchObject({
      site: { id: 'acme', name: 'Acme', currency: 'USD' },
      call: {
        id,
        from: '+12125550199',
        status: 'ringing',
        firstTime: false,
        attribution: {
          session: { source: 'google', medium: 'cpc', campaign: 'spring', term: 'new roof' },
          visitor: { id: 'v_1' },
        },
      },
      visit: { pageViews: [{ url: AD }] },
      clicks: [{ name: 'gclid', value: 'Cj0KCQ-abc_1' }],
      earlierCalls: [{ id: 'CA-before', durationSeconds: 30 }],
    });
    expect((await deliveriesOf(id))[0]).toMatchObject({
      id: received?.id,
      state: 'delivered',
      attempts: 1,
      responseStatus: 204,
    });
    expect(receiver.forged).toBe(0);
  });

  it('tell how a call ended, and later what became of it, each once', async () => {
    const id = newCall();
    await report(id, { status: 'ringing' });
    await eventually(() => accepted('call.ringing').length).toBe(1);
    await report(id, { durationSeconds: 93 });
    await eventually(() => accepted('call.completed').length).toBe(1);
    await report(id, { durationSeconds: 93, value: 250 });
    await eventually(() => accepted('call.updated').length).toBe(1);
    await report(id, { durationSeconds: 93, value: 250 });
    await queueSettles();
    const types = receiver.accepted.filter(({ event }) => event.data.call.id === id).map(({ event }) => event.type);
    expect(types).toEqual(['call.ringing', 'call.completed', 'call.updated']);
    expect(accepted('call.updated')[0]?.event.data.call.value).toBe(250);
  });

  it('are sent again after errors, under the same id', async () => {
    const id = newCall();
    receiver.status = 500;
    await report(id, { durationSeconds: 20 });
    await eventually(() => receiver.turnedAway.length).toBeGreaterThanOrEqual(2);
    receiver.status = 204;
    await eventually(() => receiver.accepted.length).toBe(1);
    const [delivery] = await deliveriesOf(id);
    expect(delivery).toMatchObject({ state: 'delivered', responseStatus: 204 });
    expect(delivery?.attempts).toBe(receiver.turnedAway.length + 1);
    const ids = [...receiver.turnedAway, ...receiver.accepted].map((received) => received.id);
    expect(new Set(ids)).toEqual(new Set([delivery?.id]));
    expect(receiver.turnedAway[0]?.event).toEqual(receiver.accepted[0]?.event);
  });

  it('end as dead letters when the retries are used up, and are delivered by a replay', async () => {
    const id = newCall();
    receiver.status = 503;
    await report(id, { durationSeconds: 20 });
    await eventually(async () => (await deliveriesOf(id))[0]?.state).toBe('dead');
    const [dead] = await deliveriesOf(id);
    expect(dead).toMatchObject({ attempts: 8, responseStatus: 503, lastError: 'answered 503', nextAttemptAt: null });
    receiver.status = 204;
    const replayed = await admin.call(api.replayDelivery, { site: 'acme', id: dead?.id as string });
    expect(replayed.state).toBe('pending');
    await eventually(async () => (await deliveriesOf(id))[0]?.state).toBe('delivered');
    expect(receiver.accepted.map((received) => received.id)).toEqual([dead?.id]);
  });

  it('are never delivered twice, though the queue repeats every message', async () => {
    const id = newCall();
    const queue = await local.miniflare.getQueueProducer<unknown>('CONVERSIONS');
    const pools = await local.miniflare.getDurableObjectNamespace('POOL');
    const pool = pools.idFromName('acme').toString();
    await report(id, { durationSeconds: 45 });
    await eventually(() => accepted('call.completed').length).toBe(1);
    const [delivery] = await deliveriesOf(id);
    for (let times = 0; times < 3; times++) {
      await queue.send({ about: 'call', site: 'acme', pool, call: id });
      await queue.send({ about: 'delivery', site: 'acme', id: delivery?.id });
    }
    await queueSettles();
    expect(accepted('call.completed')).toHaveLength(1);
    expect(await deliveriesOf(id)).toEqual([delivery]);
  });

  it('survive a crash: what waited is sent afterwards, and what was delivered is not', async () => {
    const delivered = newCall();
    await report(delivered, { durationSeconds: 10 });
    await eventually(() => accepted('call.completed').length).toBe(1);
    const waiting = newCall();
    receiver.status = 500;
    await report(waiting, { durationSeconds: 11 });
    await eventually(() => receiver.turnedAway.length).toBeGreaterThan(0);
    // The local queue keeps its messages in memory: they die with the process, which Cloudflare's do not.
    await local.stop();
    receiver.status = 204;
    local = await startLocal(options);
    admin = createClient({ edge: local.edge, token: 'conversions' });
    const storage = await local.miniflare.unsafeGetDurableObjectStorage('dialmark', 'SiteLedger', { name: 'acme' });
    const lost = await storage.exec(
      `UPDATE deliveries SET next_at = next_at - 7200000, claimed_until = 0
       WHERE call = '${waiting}' AND state = 'pending' RETURNING id`,
    );
    expect(lost).toHaveLength(1);
    // Runs the ledger's alarm an hour after the message was due.
    const ledgers = await local.miniflare.getDurableObjectNamespace('SITE_LEDGER');
    const ledger = ledgers.get(ledgers.idFromName('acme')) as unknown as Runs;
    await ledger.run('life', 'work', []);
    await eventually(async () => (await deliveriesOf(waiting))[0]?.state).toBe('delivered');
    expect(receiver.accepted.map(({ event }) => event.data.call.id)).toEqual([delivered, waiting]);
  });

  it('show in a log that can be filtered and paged', async () => {
    const all: Delivery[] = [];
    let cursor: string | undefined;
    do {
      const page = await admin.call(api.listDeliveries, {
        site: 'acme',
        query: { limit: '3', ...(cursor ? { cursor } : {}) },
      });
      all.push(...page.items);
      cursor = page.cursor ?? undefined;
    } while (cursor);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.map(({ createdAt }) => createdAt)).toEqual(
      all
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
    const updates = await admin.call(api.listDeliveries, {
      site: 'acme',
      query: { event: 'call.updated', state: 'delivered' },
    });
    expect(updates.items).toEqual(all.filter(({ event, state }) => event === 'call.updated' && state === 'delivered'));
    expect(updates.items).toHaveLength(1);
  });
});

describe('click conversions that ad platforms pull', () => {
  const fetchCsv = (file: string, authorization?: string) =>
    fetch(`${local.edge}/v1/sites/acme/exports/${file}`, {
      headers: authorization ? { Authorization: authorization } : {},
    });
  const basic = (password: string) => `Basic ${btoa(`google:${password}`)}`;

  it('come with a token as the password of Basic auth, and not without', async () => {
    const { token } = await admin.call(api.createToken, { body: { scopes: ['read'], site: 'acme' as never } });
    expect((await fetchCsv('google-ads.csv', basic(token))).status).toBe(200);
    expect((await fetchCsv('google-ads.csv', `Bearer ${token}`)).status).toBe(200);
    const without = await fetchCsv('google-ads.csv');
    expect([without.status, without.headers.get('WWW-Authenticate')]).toEqual([401, 'Basic realm="dialmark"']);
    expect((await fetchCsv('google-ads.csv', basic('guess'))).status).toBe(401);
    expect((await fetchCsv('google-ads.csv', 'Basic %%%')).status).toBe(401);
  });

  it('hold the answered calls from the ad, in the layout Google reads', async () => {
    await report('CA-valued', { durationSeconds: 70, value: 99.5 });
    const line = async () =>
      (await (await fetchCsv('google-ads.csv?conversion=Call&minSeconds=60', basic('conversions'))).text()).split(
        '\r\n',
      );
    const shown = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/New_York',
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    await eventually(line).toContain(`Cj0KCQ-abc_1,,,Call,${shown.format(new Date(startedAt))},99.50,USD`);
    const [zone, header] = await line();
    expect(zone).toBe('Parameters:TimeZone=America/New_York');
    expect(header).toBe(
      'Google Click ID,GBRAID,WBRAID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency',
    );
    const microsoft = await (await fetchCsv('microsoft-ads.csv', basic('conversions'))).text();
    expect(microsoft.split('\r\n')).toHaveLength(3);
  });
});
