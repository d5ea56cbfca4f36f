import { type AlertEvent, api, type SiteConfigInput } from '@dialmark/shared';
import { type Client, createClient } from '@dialmark/shared/client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Local, startLocal } from '../tools/local.ts';
import { receiveWebhooks } from './webhook-receiver.ts';

const token = 'alerts-test-token';
const ORIGIN = 'https://acme.example';
const BROWSER = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0';

let local: Local;
let admin: Client;
let receiver: Awaited<ReturnType<typeof receiveWebhooks>>;
let sites = 0;

beforeAll(async () => {
  local = await startLocal({
    port: 0,
    adminToken: token,
    workerKey: 'alerts-test-key',
    variables: { DELIVERY_RETRY_SECONDS: '1,1,1' },
  });
  admin = createClient({ edge: local.edge, token });
});
afterAll(() => local.stop());
beforeEach(async () => {
  receiver = await receiveWebhooks();
  return () => receiver.close();
});

const received = () => receiver.accepted.map(({ event }) => event as unknown as AlertEvent);

async function watchedSite(alerts: Partial<NonNullable<SiteConfigInput['alerts']>> = {}): Promise<string> {
  const site = `watched-${++sites}`;
  const body: SiteConfigInput = {
    name: 'Acme',
    origins: [ORIGIN],
    targets: [{ id: 'main', number: '+14155550100' }],
    alerts: { url: receiver.url, ...alerts },
  };
  await admin.call(api.putSite, { site, body });
  await admin.call(api.addNumbers, { site, body: { numbers: [{ number: '+14155550120', target: 'main' }] } });
  receiver.signingSecret = (await admin.call(api.alerts, { site })).signingSecret as string;
  return site;
}

const visits = async (site: string, count: number) => {
  for (let i = 0; i < count; i++) {
    const body = { session: `s_${crypto.randomUUID()}`, page: { url: `${ORIGIN}/` } };
    await admin.call(api.lease, { site, body, headers: { Origin: ORIGIN, 'User-Agent': BROWSER } });
  }
};

describe('alerts', () => {
  it('are tested by a message that the receiver proves with the secret that is shown', async () => {
    const site = await watchedSite();
    expect(await admin.call(api.testAlert, { site })).toEqual({ delivered: true, status: 204, error: null });
    expect(received()).toMatchObject([
      { type: 'alert.test', data: { site: { id: site, name: 'Acme' }, state: 'test', alert: null } },
    ]);
    receiver.status = 500;
    expect(await admin.call(api.testAlert, { site })).toMatchObject({ delivered: false, status: 500 });
    expect(receiver.forged).toBe(0);
  });

  it('tell of an exhausted pool once, however long it lasts', async () => {
    const site = await watchedSite({ exhaustedPerHour: 3 });
    await visits(site, 5);
    await vi.waitFor(() => expect(received()).toHaveLength(1), { timeout: 10_000 });
    const [first] = received();
    expect(first).toMatchObject({
      type: 'alert.pool_exhausted',
      data: { state: 'firing', alert: { measured: expect.any(Number), resolvedAt: null } },
    });
    await visits(site, 5);
    const { alerts } = await admin.call(api.metrics, { site });
    expect(alerts).toEqual([first?.data.alert]);
    // A list has what waits sent to the ledger, and with it whatever alert there might be.
    await admin.call(api.listBindings, { site });
    expect((await admin.call(api.metrics, { site })).outbox.waiting).toBe(0);
    expect(received()).toHaveLength(1);
  });

  it('say nothing of a few visits that went without', async () => {
    const site = await watchedSite({ exhaustedPerHour: 100 });
    await visits(site, 5);
    await admin.call(api.listBindings, { site });
    expect((await admin.call(api.metrics, { site })).outbox.waiting).toBe(0);
    expect((await admin.call(api.alerts, { site })).items).toEqual([]);
  });

  it('come again until they are taken, under one id', async () => {
    const site = await watchedSite({ exhaustedPerHour: 1 });
    receiver.status = 503;
    await visits(site, 3);
    await vi.waitFor(() => expect(receiver.turnedAway.length).toBeGreaterThan(0), { timeout: 10_000 });
    receiver.status = 204;
    await vi.waitFor(() => expect(received()).toHaveLength(1), { timeout: 10_000 });
    expect(receiver.accepted[0]?.id).toBe(receiver.turnedAway[0]?.id);
  });

  it('may not go where no message should', async () => {
    const site = await watchedSite();
    const { id: _, ...config } = await admin.call(api.getSite, { site });
    const body = { ...config, alerts: { ...config.alerts, url: 'https://10.0.0.1/hook' } } as SiteConfigInput;
    const response = await admin.send(api.putSite, { site, body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ path: 'alerts.url' }] });
  });
});
