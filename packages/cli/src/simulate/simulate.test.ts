import { generateKeyPairSync } from 'node:crypto';
import type { CarrierName } from '@dialmark/shared/wire/forwarding';
import { describe, expect, it } from 'vitest';
import { callLife } from '../../../edge/src/calls/call-life.ts';
import type { CarrierEvent } from '../../../edge/src/calls/events.ts';
import { CARRIERS } from '../../../edge/src/carriers/carriers.ts';
import { readIncoming } from '../../../edge/src/carriers/incoming.ts';
import { type Secrets, signedRequest } from './sign.ts';
import { newCallId, type SimulatedCall, webhooksOf } from './webhooks.ts';

const keys = generateKeyPairSync('ed25519');
const raw = (der: Buffer) => der.subarray(-32).toString('base64');

/** The signer's secrets, and the site's for checking them. */
const SECRETS: Record<CarrierName, { ours: Secrets; site: Secrets }> = {
  twilio: { ours: { authToken: 't' }, site: { authToken: 't' } },
  plivo: { ours: { authToken: 'p' }, site: { authToken: 'p' } },
  signalwire: { ours: { signingKey: 's' }, site: { signingKey: 's' } },
  bandwidth: { ours: { username: 'u', password: 'p:w' }, site: { username: 'u', password: 'p:w' } },
  vonage: { ours: { signatureSecret: 'v', apiKey: 'k' }, site: { signatureSecret: 'v', apiKey: 'k' } },
  telnyx: {
    ours: { privateKey: raw(keys.privateKey.export({ format: 'der', type: 'pkcs8' })) },
    site: { publicKey: raw(keys.publicKey.export({ format: 'der', type: 'spki' })) },
  },
};

const now = new Date('2026-11-24T21:30:00Z');
const callOf = (carrier: CarrierName, talkSeconds: number): SimulatedCall => ({
  id: newCallId(carrier),
  from: '+12125550199',
  to: '+14155550132',
  startedAt: now,
  talkSeconds,
});

/** The webhooks as the Worker receives them. */
async function received(carrier: CarrierName, call: SimulatedCall, secrets: Secrets) {
  const base = `https://edge.acme.example/v1/sites/acme/carriers/${carrier}`;
  return Promise.all(
    webhooksOf(carrier, call).map(async (webhook) => {
      const request = signedRequest(carrier, webhook, `${base}/${webhook.endpoint}`, secrets, now);
      const { method, url, headers } = request;
      return readIncoming({ method, url, headers, rawBody: await request.text(), receivedAt: now.getTime() as never });
    }),
  );
}

describe.each(Object.keys(SECRETS) as CarrierName[])('a simulated call of %s', (carrier) => {
  const { ours, site } = SECRETS[carrier];
  const verifies = (incoming: Awaited<ReturnType<typeof received>>[number], secrets: Secrets) =>
    (CARRIERS[carrier] as { verify(...given: unknown[]): Promise<boolean> }).verify(incoming, secrets, now.getTime());

  it('is signed so that the edge takes every webhook of it, and none with another secret', async () => {
    for (const incoming of await received(carrier, callOf(carrier, 60), ours)) {
      expect(await verifies(incoming, site)).toBe(true);
      const wrong = Object.fromEntries(Object.keys(site).map((name) => [name, 'b3RoZXI=']));
      expect(await verifies(incoming, wrong)).toBe(false);
    }
  });

  it.each([
    ['answered', 60, 'completed'],
    ['not picked up', 0, 'missed'],
  ])('is %s as told', async (_, talkSeconds, status) => {
    const call = callOf(carrier, talkSeconds);
    const events = (await received(carrier, call, ours)).map((incoming) => CARRIERS[carrier].parse(incoming));
    expect(events).not.toContain(null);
    const life = callLife(events as CarrierEvent[]);
    expect(life).toMatchObject({ status, from: call.from, to: call.to, durationSeconds: talkSeconds });
    expect(new Set((events as CarrierEvent[]).map(({ callId }) => callId))).toEqual(new Set([call.id]));
  });
});
