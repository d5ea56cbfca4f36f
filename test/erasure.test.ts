/** @module-tag slow */

import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Local, startLocal } from '../tools/local.ts';
import { bytesOnDisk } from './bytes-on-disk.ts';
import { receiveWebhooks } from './webhook-receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'dialmark-erasure-'));
const options = { port: 0, persistTo: folder, adminToken: 'erasure', workerKey: 'erasure' };
const ORIGIN = 'https://acme.example';
const TOKEN = 'the secret of the account';
const CALLER = '+12125550187';
/** Forgotten by number: a caller whose visitor stays. */
const OTHER_CALLER = '+12125550188';
/** Whatever of the visitor might be found: ids, addresses, tags, click ids, the caller. */
const NEEDLES = [
  'v_needle',
  's_needle',
  'needle-page',
  'needle-term',
  'needle-click',
  'needle-user',
  'needle.example',
  CALLER.slice(1),
  OTHER_CALLER.slice(1),
];

/** A telephone number as it might be written: for people, in addresses, and as ad platforms want it hashed. */
function waysToWrite(number: string): string[] {
  const [area, exchange, line] = [number.slice(2, 5), number.slice(5, 8), number.slice(8)];
  const hashes = [number, number.slice(1)].flatMap((text) =>
    (['hex', 'base64'] as const).map((encoding) => createHash('sha256').update(text).digest(encoding)),
  );
  return [
    `${area}${exchange}${line}`,
    `(${area}) ${exchange}-${line}`,
    `${area}-${exchange}-${line}`,
    `${area} ${exchange} ${line}`,
    `${area}.${exchange}.${line}`,
    ...hashes,
  ];
}
const WRITTEN = [CALLER, OTHER_CALLER].flatMap(waysToWrite);

let local: Local;
let crm: Awaited<ReturnType<typeof receiveWebhooks>>;
let broken: Awaited<ReturnType<typeof receiveWebhooks>>;
beforeAll(async () => {
  local = await startLocal(options);
  [crm, broken] = await Promise.all([receiveWebhooks(), receiveWebhooks()]);
  broken.status = 503;
});
afterAll(async () => {
  crm?.close();
  broken?.close();
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const client = () => createClient({ edge: local.edge, token: 'erasure' });

const found = (needles = NEEDLES) => bytesOnDisk(folder, needles);

async function lease(session: string, visitor: string, path: string, referrer = '') {
  const arrival = { url: `${ORIGIN}${path}`, referrer };
  return client().call(api.lease, {
    site: 'acme',
    headers: { Origin: ORIGIN, 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/144.0' },
    body: { session, visitor, page: arrival, touch: arrival },
  });
}

/** A status callback, as Twilio signs it. */
async function told(fields: Record<string, string>): Promise<number> {
  const url = `${local.edge}/v1/sites/acme/carriers/twilio/status`;
  const signed = `${url}${Object.entries(fields).sort().flat().join('')}`;
  const headers = { 'X-Twilio-Signature': createHmac('sha1', TOKEN).update(signed).digest('base64') };
  const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(fields) });
  await response.text();
  return response.status;
}

/** Waits until the ledger has heard of a call's end. */
async function settled(): Promise<void> {
  const completed = () => client().call(api.listCalls, { site: 'acme', query: { status: 'completed' } });
  await expect.poll(async () => (await completed()).items.map(({ id }) => id), { timeout: 60_000 }).toContain('CA1');
}

/** Returns the calls that have messages in a state. */
async function deliveries(state: 'pending' | 'delivered'): Promise<string[]> {
  const { items } = await client().call(api.listDeliveries, { site: 'acme', query: { state } });
  return [...new Set(items.map(({ call }) => String(call)))].sort();
}

async function ledgerHas(session: string): Promise<boolean> {
  const response = await client().send(api.readData, { site: 'acme', table: 'sessions', query: { format: 'ndjson' } });
  return (await response.text()).includes(session);
}

it('leaves no byte of an erased visitor or caller in the database files', async () => {
  await client().call(api.putSite, {
    site: 'acme',
    body: {
      origins: [ORIGIN],
      targets: [{ id: 'main', number: '+14155550100' }],
      carriers: { twilio: { authToken: TOKEN } },
    },
  });
  for (const [id, receiver] of Object.entries({ crm, broken })) {
    const body = { id, kind: 'webhook' as const, url: receiver.url };
    receiver.signingSecret = (await client().call(api.putIntegration, { site: 'acme', body })).signingSecret as string;
  }
  await client().call(api.addNumbers, {
    site: 'acme',
    body: { numbers: ['+14155550132', '+14155550133'].map((number) => ({ number, target: 'main' })) },
  });
  const { numbers } = await lease(
    's_needle',
    'v_needle',
    '/needle-page?utm_source=x&utm_medium=cpc&utm_term=needle-term&gclid=needle-click',
    'https://needle.example/',
  );
  const other = await lease('s_other', 'v_other', '/other');
  await client().send(api.event, {
    site: 'acme',
    headers: { Origin: ORIGIN, 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/144.0' },
    body: { type: 'tag', session: 's_needle', visitor: 'v_needle', data: { userId: 'needle-user' } },
  });
  const shown = numbers.main?.number as string;
  await client().call(api.reportCall, {
    site: 'acme',
    body: {
      id: 'CA1',
      from: CALLER,
      to: shown,
      startedAt: new Date().toISOString(),
      durationSeconds: 60,
    },
  });
  await client().call(api.reportCall, {
    site: 'acme',
    body: {
      id: 'CA2',
      from: OTHER_CALLER,
      to: other.numbers.main?.number as string,
      startedAt: new Date().toISOString(),
      durationSeconds: 60,
    },
  });
  // One destination has taken both calls, the other none: what it is to be sent again waits with all that it says.
  await expect.poll(() => crm.accepted.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  await expect.poll(() => broken.turnedAway.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
  await expect.poll(() => deliveries('pending'), { timeout: 20_000 }).toEqual(['CA1', 'CA2']);
  for (const session of ['s_needle', 's_other'])
    await expect.poll(() => ledgerHas(session), { timeout: 60_000 }).toBe(true);
  for (const needle of NEEDLES) expect(found().some((place) => place.startsWith(needle))).toBe(true);

  await client().call(api.eraseVisitor, { site: 'acme', id: 'v_needle' });
  await client().call(api.eraseCaller, { site: 'acme', number: OTHER_CALLER });
  await expect.poll(() => deliveries('pending'), { timeout: 20_000 }).toEqual([]);
  expect(await deliveries('delivered')).toEqual(['CA1', 'CA2']);
  // Later reports of a carrier bring nobody back.
  expect(await told({ CallSid: 'CA1', CallStatus: 'completed', CallDuration: '66', From: CALLER, To: shown })).toBe(
    200,
  );
  await settled();

  // Free space and the log of the database hold on to what is gone; the next start rewrites the files.
  await local.stop();
  local = await startLocal(options);
  await local.stop();
  expect(found([...NEEDLES, ...WRITTEN])).toEqual([]);

  local = await startLocal(options);
  expect(await client().call(api.getVisitor, { site: 'acme', id: 'v_other' })).toMatchObject({
    sessions: [{ id: 's_other' }],
  });
  expect(await client().call(api.getCall, { site: 'acme', id: 'CA1' })).toMatchObject({
    from: null,
    status: 'completed',
    attribution: { session: null },
  });
  expect(await client().call(api.getCall, { site: 'acme', id: 'CA2' })).toMatchObject({
    from: null,
    attribution: { session: null },
  });
}, 90_000);
