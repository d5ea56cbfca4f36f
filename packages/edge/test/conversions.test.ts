import {
  createExecutionContext,
  createMessageBatch,
  evictDurableObject,
  getQueueResult,
  runInDurableObject,
} from 'cloudflare:test';
import { api, DAY, type Delivery, type EpochMs, HOUR, MINUTE, type NewIntegrationInput } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { deliver } from '../src/conversions/deliver.ts';
import type { ConversionMessage } from '../src/conversions/message.ts';
import { queueDeliveries } from '../src/conversions/queue-deliveries.ts';
import { sweep } from '../src/conversions/sweep.ts';
import worker from '../src/index.ts';
import { LedgerCore } from '../src/ledger/core.ts';
import type { SiteLedger } from '../src/ledger/site-ledger.ts';
import type { NumberPool } from '../src/pool/number-pool.ts';
import { admin, drain, env, ledgerRows, mainOf, newSite, ORIGIN, takeLedgerAway } from './edge.ts';

const AD = `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&utm_campaign=spring&gclid=Cj0KCQ-abc_1`;
const WEBHOOK: NewIntegrationInput = { id: 'crm', kind: 'webhook', url: 'https://crm.example/hooks' };

async function visitedSite(): Promise<{ site: string; number: string }> {
  const site = await newSite();
  const { number } = await mainOf(site, 's_1', { visitor: 'v_1', page: { url: AD }, touch: { url: AD } });
  return { site, number: number as string };
}

function report(site: string, number: string, more: object = {}) {
  const call = { id: 'CA1', from: '+12125550199', to: number, startedAt: new Date().toISOString(), ...more };
  return admin.call(api.reportCall, { site, body: call });
}

/** Hands the Worker a batch, as its queue would. */
async function consume(bodies: ConversionMessage[], queue = 'dialmark-conversions') {
  const messages = bodies.map((body, index) => ({ id: `m${index}`, timestamp: new Date(), attempts: 1, body }));
  const batch = createMessageBatch<ConversionMessage>(queue, messages);
  const context = createExecutionContext();
  await worker.queue(batch, env);
  return getQueueResult(batch, context);
}

const changeOf = (site: string, call = 'CA1'): ConversionMessage => ({
  about: 'call',
  site,
  pool: env.POOL.idFromName(site).toString(),
  call,
});

const at = (moment: number) => new Date(moment).toISOString();

async function deliveries(site: string): Promise<Delivery[]> {
  return (await admin.call(api.listDeliveries, { site })).items;
}

/** Calls whose change nobody has confirmed. */
function waiting(site: string): Promise<number> {
  return runInDurableObject(
    env.POOL.getByName(site),
    (_, state) => state.storage.sql.exec<{ n: number }>('SELECT count(*) AS n FROM call_news').one().n,
  );
}

/** Asks a site's ledger from inside of it. */
const inLedger = <T>(site: string, ask: (ledger: SiteLedger, own: typeof env) => Promise<T>): Promise<T> =>
  runInDurableObject(env.SITE_LEDGER.getByName(site), (instance) =>
    ask(instance as unknown as SiteLedger, (instance as unknown as { env: typeof env }).env),
  );

const sealedSecrets = (site: string) =>
  runInDurableObject(env.SITE_LEDGER.getByName(site), (_, { storage }) => storage.kv.get('secrets:crm'));

/** Runs the ledger's alarm at a moment. @returns when it wants to be woken next */
const sweepAt = (site: string, at: number) =>
  runInDurableObject(env.SITE_LEDGER.getByName(site), (_, state) => sweep(new LedgerCore(state, env), at as EpochMs));

describe('integrations', () => {
  it('keeps secrets encrypted and never shows them again', async () => {
    const site = await newSite(0);
    const made = await admin.send(api.putIntegration, { site, body: WEBHOOK });
    expect(made.status).toBe(201);
    const { integration, signingSecret } = (await made.json()) as { integration: object; signingSecret: string };
    expect(signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(integration).toMatchObject({ id: 'crm', events: ['call.ringing', 'call.completed', 'call.updated'] });
    const list = await admin.call(api.listIntegrations, { site });
    expect(list.items).toEqual([integration]);
    expect(JSON.stringify(list)).not.toContain('whsec_');
    expect(JSON.stringify(await ledgerRows(site, 'SELECT * FROM integrations'))).not.toContain('secret');
    const sealed = await sealedSecrets(site);
    expect(sealed).toMatch(/^v1\./);
    expect(sealed).not.toContain(signingSecret.slice(6));
    await expect(ledgerRows(site, 'SELECT * FROM _cf_KV')).rejects.toThrow('prohibited');
  });

  it('replaces one by its id and keeps the secrets that are sent back as they are shown', async () => {
    const site = await newSite(0);
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    const before = await sealedSecrets(site);
    const [shown] = (await admin.call(api.listIntegrations, { site })).items;
    const changed = { ...(shown as NewIntegrationInput), name: 'The CRM' };
    const response = await admin.send(api.putIntegration, { site, body: changed });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ integration: { name: 'The CRM' }, signingSecret: null });
    expect(await sealedSecrets(site)).toBe(before);
  });

  it('seals secrets again under a new key as long as the old one is known, and reads them with neither other', async () => {
    const site = await newSite(0);
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    const { WORKER_KEY } = env;
    const open = (WORKER_KEY?: string, WORKER_KEY_PREVIOUS?: string) =>
      inLedger(site, async ({ operations: { conversions } }, own) => {
        Object.assign(own, { WORKER_KEY, WORKER_KEY_PREVIOUS });
        return (await conversions.openIntegration('crm'))?.secrets;
      });
    const before = await open(WORKER_KEY);
    expect(before).toMatchObject({ signingSecret: expect.stringMatching(/^whsec_/) });
    expect(await open('new', WORKER_KEY)).toEqual(before);
    expect(await open('new')).toEqual(before);
    expect(await open(WORKER_KEY)).toBeNull();
  });

  it.each([
    ['an address without TLS', { ...WEBHOOK, url: 'http://crm.example/' }, 'url'],
    ['an inner address', { ...WEBHOOK, url: 'https://169.254.169.254/latest/meta-data' }, 'url'],
    ['an address of this machine', { ...WEBHOOK, url: 'https://localhost/' }, 'url'],
    ['a kind that is none', { kind: 'fax' }, 'kind'],
    ['no secrets', { kind: 'ga4', measurementId: 'G-ABC123DEF4' }, 'secrets'],
    [
      'a key that is none',
      {
        kind: 'google_data_manager',
        customerId: '123-456-7890',
        conversionActionId: '1',
        secrets: { serviceAccount: { client_email: 'a@b.example', private_key: '-----BEGIN PRIVATE KEY-----\nx\n' } },
      },
      'secrets.serviceAccount.private_key',
    ],
    ['updates without completions', { ...WEBHOOK, events: ['call.updated'] }, 'events'],
  ])('refuses %s and names the field', async (_, body, path) => {
    const response = await admin.send(api.putIntegration, { site: await newSite(0), body: body as never });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { errors: { path: string }[] }).errors.map((error) => error.path)).toContain(
      path,
    );
  });
});

describe('what is told of a call', () => {
  it('plans one message for each destination that wants it, however often the change comes', async () => {
    const { site, number } = await visitedSite();
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    await report(site, number, { status: 'ringing' });
    await Promise.all([consume([changeOf(site)]), consume([changeOf(site), changeOf(site)])]);
    expect(await deliveries(site)).toMatchObject([
      { event: 'call.ringing', revision: 0, integration: 'crm', call: 'CA1' },
    ]);
  });

  it('tells what changed after the call was over as an update, and nothing where nothing changed', async () => {
    const { site, number } = await visitedSite();
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    const call = { startedAt: new Date().toISOString(), durationSeconds: 60 };
    await report(site, number, call);
    await consume([changeOf(site)]);
    await report(site, number, call);
    await consume([changeOf(site)]);
    expect((await deliveries(site)).map(({ event, revision }) => [event, revision])).toEqual([['call.completed', 0]]);
    await ledgerRows(site, `UPDATE deliveries SET state = 'delivered', attempts = 1`);
    await report(site, number, { ...call, value: 250 });
    await consume([changeOf(site)]);
    await report(site, number, { ...call, value: 300 });
    await consume([changeOf(site)]);
    expect((await deliveries(site)).map(({ event, revision }) => `${event} ${revision}`).sort()).toEqual([
      'call.completed 0',
      'call.updated 1',
      'call.updated 2',
    ]);
  });

  it('counts only the calls that the rules let count', async () => {
    const { site, number } = await visitedSite();
    const rules = { minSeconds: 60, sources: ['Google'], clickId: 'gclid' as const, firstTimeOnly: true };
    const ga4 = { kind: 'ga4', measurementId: 'G-ABC123DEF4', secrets: { apiSecret: 'x' } } as const;
    await admin.call(api.putIntegration, { site, body: { ...ga4, id: 'long', rules } });
    await admin.call(api.putIntegration, {
      site,
      body: { ...ga4, id: 'bing', rules: { ...rules, sources: ['bing'] } },
    });
    const [other, now] = ['+12125550111', Date.now()];
    await report(site, number, { id: 'CA1', durationSeconds: 59 });
    await report(site, number, { id: 'CA2', from: other, durationSeconds: 90, startedAt: at(now) });
    await report(site, number, { id: 'CA3', from: other, durationSeconds: 90, startedAt: at(now + 10) });
    await consume([changeOf(site, 'CA1'), changeOf(site, 'CA2'), changeOf(site, 'CA3')]);
    expect(await deliveries(site)).toMatchObject([{ integration: 'long', call: 'CA2', event: 'conversion' }]);
  });

  it('goes out after a queue that was away is back, and after a restart', async () => {
    const { site, number } = await visitedSite();
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    const stub = env.POOL.getByName(site);
    await runInDurableObject(stub, (pool) => {
      const away = { sendBatch: () => Promise.reject(new Error('queue is away')) };
      Object.defineProperty(pool, 'env', { value: { ...env, CONVERSIONS: away } });
    });
    expect(await report(site, number, { durationSeconds: 60 })).toMatchObject({ status: 'completed' });
    await drain(site);
    expect(await waiting(site)).toBe(1);
    await evictDurableObject(stub);
    await drain(site);
    await expect.poll(async () => (await deliveries(site)).length, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => waiting(site), { timeout: 10_000 }).toBe(0);
  });

  it('is gone with the site, and a new site of that name is told of its own calls', async () => {
    const { site, number } = await visitedSite();
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    await report(site, number, { durationSeconds: 60 });
    await consume([changeOf(site)]);
    await admin.call(api.deleteSite, { site });
    const nothing = () => ledgerRows(site, "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'");
    expect(await nothing()).toEqual([]);
    await consume([changeOf(site), { about: 'delivery', site, id: 'd_1' }]);
    await consume([{ about: 'delivery', site, id: 'd_1' }], 'dialmark-conversions-dead');
    expect(await nothing()).toEqual([]);
    const targets = [{ id: 'main', number: '+14155550100' }] as never;
    await admin.call(api.putSite, { site, body: { origins: [ORIGIN], targets } });
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    await report(site, '+14155550100', { durationSeconds: 60 });
    await drain(site);
    await expect.poll(async () => (await deliveries(site)).length, { timeout: 10_000 }).toBe(1);
  });
});

describe('delivering', () => {
  const due = (site: string, id: string): ConversionMessage => ({ about: 'delivery', site, id });

  /** A delivery that waits and that no queue knows of. */
  async function waitingDelivery(body: NewIntegrationInput): Promise<{ site: string; id: string }> {
    const { site, number } = await visitedSite();
    await admin.call(api.putIntegration, { site, body });
    await report(site, number, { durationSeconds: 60 });
    const batch = [changeOf(site)];
    await consume(batch);
    const [delivery] = await deliveries(site);
    return { site, id: delivery?.id as string };
  }

  const LATER: NewIntegrationInput = {
    id: 'crm',
    kind: 'ga4',
    measurementId: 'G-ABC123DEF4',
    delayMinutes: 720,
    secrets: { apiSecret: 's' },
  };

  it('has a failed message come up again, and does not touch one that somebody else is sending', async () => {
    const { site, id } = await waitingDelivery(LATER);
    const [first, second] = await Promise.all([consume([due(site, id)]), consume([due(site, id)])]);
    const retries = [...first.retryMessages, ...second.retryMessages];
    expect(retries).toHaveLength(2);
    expect((await deliveries(site))[0]).toMatchObject({ state: 'pending', attempts: 1, responseStatus: 503 });
  });

  it('sends what is known by then, not what was known when it was planned', async () => {
    const { site, id } = await waitingDelivery(LATER);
    const planned = async () => {
      const [row] = await ledgerRows<{ payload: string }>(site, 'SELECT payload FROM deliveries WHERE id = ?', id);
      return JSON.parse(row?.payload ?? '').data.call;
    };
    const { to, startedAt, value } = await planned();
    expect(value).toBeNull();
    await report(site, to, { startedAt, value: 99 });
    await consume([changeOf(site)]);
    expect((await planned()).value).toBe(99);
  });

  it('marks as dead what comes out of the queue of dead letters', async () => {
    const { site, id } = await waitingDelivery(LATER);
    await consume([due(site, id)], 'dialmark-conversions-dead');
    expect((await deliveries(site))[0]).toMatchObject({ state: 'dead', nextAttemptAt: null });
    await consume([due(site, id)]);
    expect((await deliveries(site))[0]).toMatchObject({ state: 'dead', attempts: 0 });
  });

  it('fails what was planned for an integration that is gone', async () => {
    const { site, id } = await waitingDelivery(LATER);
    await admin.call(api.deleteIntegration, { site, id: 'crm' });
    const result = await consume([due(site, id)]);
    expect(result.retryMessages).toEqual([]);
    expect((await deliveries(site))[0]).toMatchObject({
      state: 'failed',
      lastError: 'the integration was deleted',
      kind: null,
    });
  });

  it('sends nothing of what was planned, and plans nothing more, while the integration is paused', async () => {
    const { site, id } = await waitingDelivery({ ...LATER, name: 'Analytics' });
    const [shown] = (await admin.call(api.listIntegrations, { site })).items;
    const pause = (paused: boolean) =>
      admin.call(api.putIntegration, { site, body: { ...shown, paused } as NewIntegrationInput });
    await pause(true);
    await consume([due(site, id)]);
    expect(await deliveries(site)).toMatchObject([
      { state: 'failed', attempts: 1, lastError: 'the integration is paused', integrationName: 'Analytics' },
    ]);
    await report(site, '+14155551000', { id: 'CA2', durationSeconds: 60 });
    await consume([changeOf(site, 'CA2')]);
    expect(await deliveries(site)).toHaveLength(1);
    await pause(false);
    expect((await admin.call(api.listIntegrations, { site })).items).toEqual([shown]);
    await admin.call(api.replayDelivery, { site, id });
    expect(await deliveries(site)).toMatchObject([{ state: 'pending' }]);
  });

  it('is tried out by nothing that would count as a conversion', async () => {
    const site = await newSite(0);
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    const meta = { id: 'meta', kind: 'meta', datasetId: '1', secrets: { accessToken: 'x' } } as const;
    await admin.call(api.putIntegration, { site, body: meta });
    const tested = await admin.call(api.testIntegration, { site, id: 'crm' });
    expect(tested).toMatchObject({ delivered: false, detail: expect.any(String), error: tested.detail });
    expect(await admin.call(api.testIntegration, { site, id: 'meta' })).toMatchObject({
      delivered: false,
      status: null,
      detail: expect.stringContaining('Nothing was sent'),
    });
    expect((await admin.send(api.testIntegration, { site, id: 'none' })).status).toBe(404);
    expect(await deliveries(site)).toEqual([]);
  });

  it('does not keep what was planned of a caller who was erased at that moment', async () => {
    const { site, number } = await visitedSite();
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    await report(site, number);
    const pool = env.POOL.getByName(site) as DurableObjectStub<NumberPool>;
    const interrupted = {
      run: async (...operation: Parameters<NumberPool['run']>) => {
        const result = await pool.run(...operation);
        if (operation[1] === 'read') {
          await admin.call(api.eraseCaller, { site, number: '+12125550199' });
        }
        return result;
      },
    };
    const around = { ...env, POOL: { idFromString: () => pool.id, get: () => interrupted } };
    await queueDeliveries(around as never, changeOf(site) as never, Date.now() as EpochMs);
    expect(await ledgerRows(site, 'SELECT state, payload FROM deliveries')).toEqual([
      { state: 'failed', payload: null },
    ]);
  });

  it('stops where the receiver answers 410, shows that, and goes on once the integration is saved again', async () => {
    const { site, number } = await visitedSite();
    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    await report(site, number);
    await report(site, number, { id: 'CA2' });
    await consume([changeOf(site), changeOf(site, 'CA2')]);
    // Planned in the same millisecond, so in no order of their own.
    const byCall = async () => (await deliveries(site)).sort((a, b) => (String(a.call) < String(b.call) ? -1 : 1));
    const [first, second] = await byCall();
    const asked: string[] = [];
    const receiver = async (status: number, { id }: { id: string }) =>
      deliver(
        env,
        site,
        [id],
        {
          fetch: async (url) => {
            asked.push(url);
            return new Response(null, { status });
          },
          now: Date.now() as EpochMs,
          isLate: () => false,
          local: false,
        },
        () => 5,
      );
    await receiver(410, first as Delivery);
    await receiver(204, second as Delivery);
    expect(asked).toHaveLength(1);
    expect(await byCall()).toMatchObject([
      { call: 'CA1', state: 'failed', responseStatus: 410 },
      { call: 'CA2', state: 'failed', lastError: 'the integration is disabled: the receiver is gone (410)' },
    ]);
    const shown = async () => (await admin.call(api.listIntegrations, { site })).items[0];
    const disabled = { at: expect.any(String), because: 'the receiver is gone (410)' };
    expect(await shown()).toMatchObject({ id: 'crm', disabled });
    await report(site, number, { id: 'CA3' });
    await consume([changeOf(site, 'CA3')]);
    expect(await deliveries(site)).toHaveLength(2);

    await admin.call(api.putIntegration, { site, body: WEBHOOK });
    expect(await shown()).toMatchObject({ disabled: null });
    await admin.call(api.replayDelivery, { site, id: second?.id as string });
    await receiver(204, second as Delivery);
    expect(asked).toHaveLength(2);
    expect((await byCall())[1]).toMatchObject({ call: 'CA2', state: 'delivered' });
  });

  it('has sent again what its queue lost, once it is an hour late', async () => {
    const { site, id } = await waitingDelivery(LATER);
    const attempts = async () => (await deliveries(site))[0]?.attempts;
    const [row] = await ledgerRows<{ dueAt: number }>(site, 'SELECT next_at AS dueAt FROM deliveries WHERE id = ?', id);
    const dueAt = row?.dueAt as number;
    expect(await sweepAt(site, dueAt + HOUR - 1)).toBe(dueAt + HOUR);
    expect(await attempts()).toBe(0);
    expect(await sweepAt(site, dueAt + HOUR)).toBe(dueAt + 2 * HOUR);
    await expect.poll(attempts, { timeout: 10_000 }).toBe(1);
  });

  it('leaves what its queue lost as it is while the queue is away, and comes back to it', async () => {
    const { site, id } = await waitingDelivery(LATER);
    const nextAt = () => ledgerRows(site, 'SELECT next_at FROM deliveries WHERE id = ?', id);
    const before = await nextAt();
    const now = Date.now() + 14 * HOUR;
    const away = { ...env, CONVERSIONS: { sendBatch: () => Promise.reject(new Error('queue is away')) } };
    const next = await runInDurableObject(env.SITE_LEDGER.getByName(site), (_, state) =>
      sweep(new LedgerCore(state, away as never), now as EpochMs),
    );
    expect(next).toBe(now + 10 * MINUTE);
    expect(await nextAt()).toEqual(before);
  });

  it('has the ledger wake an hour after each message is due, planned or sent again', async () => {
    const { site, id } = await waitingDelivery(LATER);
    const alarm = () =>
      runInDurableObject(env.SITE_LEDGER.getByName(site), async (_, { storage }) => {
        const at = await storage.getAlarm();
        await storage.deleteAlarm();
        return at;
      });
    const { nextAttemptAt } = (await deliveries(site))[0] as Delivery;
    expect(await alarm()).toBeLessThanOrEqual(Date.parse(nextAttemptAt as string) + HOUR);
    await evictDurableObject(env.SITE_LEDGER.getByName(site));
    const now = Date.now();
    await admin.call(api.replayDelivery, { site, id });
    expect(await alarm()).toBeGreaterThanOrEqual(now + HOUR);
  });

  it("of one site does not wait for another's ledger", async () => {
    const [well, ill] = [await waitingDelivery(LATER), await waitingDelivery(LATER)];
    const ledger = await takeLedgerAway(ill.site);
    const batch = [ill, well].flatMap(({ site, id }) => [changeOf(site), due(site, id)]);
    const { explicitAcks, retryMessages } = await consume(batch);
    // Its destination is away, so that it was tried and comes up again.
    expect((await deliveries(well.site))[0]).toMatchObject({ attempts: 1, responseStatus: 503 });
    expect(explicitAcks).toEqual(['m2']);
    expect(retryMessages.map(({ msgId }) => msgId).sort()).toEqual(['m0', 'm1', 'm3']);
    await ledger.bringBack();
    expect((await deliveries(ill.site))[0]).toMatchObject({ state: 'pending', attempts: 0 });
  });

  it('of a site that is not there is neither found nor sent, and leaves no trace', async () => {
    const site = 'nobody';
    for (const response of [
      await admin.send(api.deleteIntegration, { site, id: 'crm' }),
      await admin.send(api.replayDelivery, { site, id: 'd_1' }),
      await admin.send(api.listDeliveries, { site }),
      await admin.send(api.exportGoogleAds, { site }),
      await admin.send(api.metrics, { site }),
    ]) {
      expect([response.status, (await response.json()) as object]).toMatchObject([404, { code: 'site_not_found' }]);
    }
    expect(await ledgerRows(site, "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")).toEqual(
      [],
    );
  });

  it('keeps the text of a message for 30 days, and cannot send it again afterwards', async () => {
    const { site, id } = await waitingDelivery(LATER);
    await consume([due(site, id)], 'dialmark-conversions-dead');
    const now = Date.now();
    const dropAt = await sweepAt(site, now);
    expect(dropAt).toBeLessThanOrEqual(now + 30 * DAY + 1);
    expect(await sweepAt(site, dropAt as number)).toBeNull();
    const response = await admin.send(api.replayDelivery, { site, id });
    expect(response.status).toBe(409);
    expect((await admin.send(api.replayDelivery, { site, id: 'd_none' })).status).toBe(404);
  });
});

describe('click exports', () => {
  const csvOf = async (site: string, file: typeof api.exportGoogleAds | typeof api.exportMicrosoftAds, query = {}) =>
    (await (await admin.send(file, { site, query })).text()).trim().split('\r\n').slice(2);

  it('finds the click of an earlier visit, leaves out what a visitor made up, spam and short calls', async () => {
    const site = await newSite(5);
    const visit = async (session: string, visitorId: string, url: string) =>
      (await mainOf(site, session, { visitor: visitorId, page: { url }, touch: { url } })).number as string;
    await visit('s_1', 'v_1', `${ORIGIN}/?gclid=EAIaIQ_1&msclkid=f894f652ea334e739002f7167ab8f8e3`);
    const back = await visit('s_2', 'v_1', `${ORIGIN}/`);
    const hostile = await visit('s_3', 'v_2', `${ORIGIN}/?gclid=${encodeURIComponent('=cmd|"x",1\n2')}`);
    const none = await visit('s_4', 'v_3', `${ORIGIN}/`);
    await report(site, back, { id: 'CA1', durationSeconds: 90, value: 10 });
    await report(site, back, { id: 'CA2', durationSeconds: 5 });
    await report(site, back, { id: 'CA3', status: 'missed' });
    await report(site, hostile, { id: 'CA4', from: '+12125550111', durationSeconds: 90 });
    await report(site, none, { id: 'CA5', from: '+12125550122', durationSeconds: 90 });
    await drain(site);
    const google = await csvOf(site, api.exportGoogleAds, { minSeconds: '60', conversion: 'Call' });
    expect(google).toHaveLength(1);
    expect(google[0]).toMatch(/^EAIaIQ_1,,,Call,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,10\.00,USD$/);
    const microsoft = await csvOf(site, api.exportMicrosoftAds, { answered: 'false', value: '7.5' });
    expect(microsoft).toHaveLength(3);
    expect(microsoft[1]).toMatch(
      /^f894f652ea334e739002f7167ab8f8e3,Phone call,\d+\/\d+\/\d{4} \d+:\d\d:\d\d [AP]M,7\.50,USD$/,
    );
  });

  it('tells Google of clicks from Apple devices, which carry a gbraid or wbraid and no gclid', async () => {
    const site = await newSite(4);
    const visit = async (session: string, visitorId: string, query: string) => {
      const url = `${ORIGIN}/${query}`;
      return (await mainOf(site, session, { visitor: visitorId, page: { url }, touch: { url } })).number as string;
    };
    const numbers = [
      await visit('s_1', 'v_1', '?gad_source=1&gbraid=0AAAAA_1'),
      await visit('s_2', 'v_2', '?wbraid=CkQKCA_2'),
      await visit('s_3', 'v_3', '?gbraid=0AAAAA_3&gclid=EAIaIQ_3'),
      await visit('s_4', 'v_4', '?gclid=%3Dcmd&wbraid=CkQKCA_4'),
    ];
    for (const [index, number] of numbers.entries()) {
      await report(site, number, { id: `CA${index}`, from: `+1212555011${index}`, durationSeconds: 90 });
    }
    await drain(site);
    const rows = (await csvOf(site, api.exportGoogleAds)).map((line) => line.split(',').slice(0, 4).join());
    expect(rows.toSorted()).toEqual([
      ',,CkQKCA_2,Phone call',
      ',,CkQKCA_4,Phone call',
      ',0AAAAA_1,,Phone call',
      'EAIaIQ_3,,,Phone call',
    ]);
    expect(await csvOf(site, api.exportMicrosoftAds)).toEqual([]);
  });

  it('names the parameter that is not valid', async () => {
    const site = await newSite(0);
    const response = await admin.send(api.exportGoogleAds, { site, query: { minSeconds: '-1' } });
    expect(response.status).toBe(400);
    expect(((await response.json()) as { errors: object[] }).errors).toMatchObject([{ path: 'minSeconds' }]);
  });
});
