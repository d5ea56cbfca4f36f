import { createMessageBatch } from 'cloudflare:test';
import { api, type CallConversion, type NewIntegrationInput } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import type { ConversionMessage } from '../src/conversions/message.ts';
import worker from '../src/index.ts';
import { admin, env, ledgerRows, mainOf, newSite, ORIGIN } from './edge.ts';

const AD = `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&gclid=Cj0KCQ-abc_1`;
const GA4: NewIntegrationInput = {
  id: 'ga',
  kind: 'ga4',
  measurementId: 'G-ABC123DEF4',
  delayMinutes: 720,
  secrets: { apiSecret: 's' },
};

async function visitedSite() {
  const site = await newSite();
  const { number } = await mainOf(site, 's_1', { visitor: 'v_1', page: { url: AD }, touch: { url: AD } });
  return { site, number: number as string };
}

const put = (site: string, body: object) =>
  admin.call(api.putIntegration, { site, body: { ...GA4, ...body } as NewIntegrationInput });

function report(site: string, to: string, more: object = {}) {
  const startedAt = new Date().toISOString();
  const body = { id: 'CA1', from: '+12125550199', to, startedAt, durationSeconds: 60, ...more };
  return admin.call(api.reportCall, { site, body });
}

async function plan(site: string, call = 'CA1') {
  const body: ConversionMessage = { about: 'call', site, pool: env.POOL.idFromName(site).toString(), call };
  const messages = [{ id: 'm', timestamp: new Date(), attempts: 1, body }];
  await worker.queue(createMessageBatch('dialmark-conversions', messages), env);
}

async function conversions(site: string, id = 'CA1'): Promise<Record<string, CallConversion>> {
  const { items } = await admin.call(api.callConversions, { site, id });
  return Object.fromEntries(items.map((item) => [item.integration, item]));
}

describe('what each integration was told of a call', () => {
  it('is explained by the first rule that kept the call back', async () => {
    const { site, number } = await visitedSite();
    await put(site, { id: 'sent' });
    await put(site, { id: 'long', rules: { minSeconds: 61 } });
    await put(site, { id: 'first', rules: { firstTimeOnly: true } });
    await put(site, { id: 'bing', rules: { sources: ['bing'] } });
    await put(site, { id: 'social', rules: { channels: ['Social'] } });
    await put(site, { id: 'click', rules: { clickId: 'msclkid' } });
    await put(site, { id: 'won', rules: { on: 'won' } });
    await put(site, { id: 'off', paused: true });
    const earlier = new Date(Date.now() - 60_000).toISOString();
    await report(site, number, { id: 'CA0', startedAt: earlier });
    await report(site, number);
    await plan(site);
    const codes = Object.values(await conversions(site)).map(({ integration, state, code }) => [
      integration,
      code ?? state,
    ]);
    expect(Object.fromEntries(codes)).toEqual({
      sent: 'scheduled',
      long: 'too_short',
      first: 'not_first_time',
      bing: 'other_source',
      social: 'other_channel',
      click: 'no_click_id',
      won: 'stage_not_reached',
      off: 'paused',
    });
    const planned = await admin.call(api.listDeliveries, { site, query: { call: 'CA1' } });
    expect(planned.items.map(({ integration }) => integration)).toEqual(['sent']);
    await report(site, number, { id: 'CA2', status: 'missed', durationSeconds: null });
    expect((await conversions(site, 'CA2')).long).toMatchObject({ state: 'not_sent', code: 'not_answered', at: null });
  });

  it('does not send what came in before the integration, nor make up for a pause', async () => {
    const { site, number } = await visitedSite();
    const beforeIntegration = new Date().toISOString();
    await report(site, number);
    await plan(site);
    await put(site, {});
    await admin.call(api.patchCall, { site, id: 'CA1', body: { value: 5 } });
    await plan(site);
    expect((await conversions(site)).ga).toMatchObject({ state: 'not_sent', code: 'before_integration' });
    await put(site, { paused: true });
    await report(site, number, { id: 'CA2' });
    await plan(site, 'CA2');
    await put(site, { paused: false });
    await admin.call(api.patchCall, { site, id: 'CA2', body: { value: 5 } });
    await plan(site, 'CA2');
    expect((await conversions(site, 'CA2')).ga).toMatchObject({ state: 'not_sent', code: 'paused' });
    // One reported late counts: what matters is when it was heard of.
    await report(site, number, { id: 'CA3', startedAt: beforeIntegration });
    await plan(site, 'CA3');
    expect((await conversions(site, 'CA3')).ga).toMatchObject({ state: 'scheduled', code: null });
    expect((await admin.call(api.listDeliveries, { site })).items.map(({ call }) => call)).toEqual(['CA3']);
  });

  it('follows the message: scheduled, sent, taken and refused later, given up', async () => {
    const { site, number } = await visitedSite();
    await put(site, {});
    await report(site, number);
    expect((await conversions(site)).ga).toMatchObject({ state: 'scheduled' });
    await plan(site);
    expect((await conversions(site)).ga).toMatchObject({ state: 'scheduled', at: expect.any(String) });
    const becomes = async (change: string) => {
      await ledgerRows(site, `UPDATE deliveries SET ${change}`);
      return (await conversions(site)).ga;
    };
    const taken = Date.UTC(2026, 10, 24);
    expect(await becomes(`receipt = 'r', delivered_at = ${taken}`)).toMatchObject({
      state: 'sent',
      code: null,
      at: '2026-11-24T00:00:00.000Z',
    });
    expect(await becomes(`state = 'failed', code = 'rejected', delivered_at = NULL, last_error = 'no'`)).toMatchObject({
      state: 'failed',
      code: 'rejected',
      reason: 'no',
    });
    expect(await becomes(`state = 'dead', receipt = NULL`)).toMatchObject({ state: 'failed', code: 'undeliverable' });
    expect(await becomes(`state = 'failed', code = 'paused'`)).toMatchObject({ state: 'not_sent', code: 'paused' });
  });

  it('pages like every list, and knows no call that is not there', async () => {
    const { site, number } = await visitedSite();
    for (const id of ['a', 'b', 'c']) await put(site, { id });
    await report(site, number);
    const first = await admin.call(api.callConversions, { site, id: 'CA1', query: { limit: '2' } });
    expect(first.items.map(({ integration }) => integration)).toEqual(['a', 'b']);
    const query = { cursor: first.cursor as string };
    const rest = await admin.call(api.callConversions, { site, id: 'CA1', query });
    expect([rest.items.map(({ integration }) => integration), rest.cursor]).toEqual([['c'], null]);
    const none = await admin.send(api.callConversions, { site, id: 'CA9' });
    expect([none.status, ((await none.json()) as { code: string }).code]).toEqual([404, 'call_not_found']);
  });

  it('is that only calls to a call asset come from ads', async () => {
    const { site, number } = await visitedSite();
    const asset = '+14155559001';
    const numbers = [{ number: asset, target: 'main', kind: 'source', preset: 'google_call_asset' }];
    await admin.call(api.addNumbers, { site, body: { numbers } });
    await admin.call(api.putIntegration, {
      site,
      body: {
        id: 'ads',
        kind: 'google_data_manager',
        customerId: '1',
        conversionActionId: '2',
        calls: 'from_ads',
        secrets: { clientId: 'c', clientSecret: 's', refreshToken: 'r' },
      },
    });
    await report(site, asset);
    await report(site, number, { id: 'CA2' });
    await plan(site);
    await plan(site, 'CA2');
    expect((await conversions(site)).ads).toMatchObject({ state: 'scheduled' });
    expect((await conversions(site, 'CA2')).ads).toMatchObject({ state: 'not_sent', code: 'not_from_ads' });
  });
});
