import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { afterAll, afterEach, expect, it } from 'vitest';
import { type Local, startLocal } from '../tools/local.ts';

const folder = mkdtempSync(join(tmpdir(), 'dialmark-environment-'));
const TOKEN = 'the secret of the account';
const PATH = '/v1/sites/acme/carriers/twilio/voice';

let local: Local | null = null;
afterEach(async () => {
  for (const name of ['WORKER_KEY_PREVIOUS', 'PUBLIC_URL']) delete process.env[name];
  await local?.stop();
  local = null;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts again on the same state, in an environment. */
async function start(workerKey: string, environment: Record<string, string> = {}): Promise<Local> {
  await local?.stop();
  Object.assign(process.env, environment);
  local = await startLocal({ port: 0, persistTo: folder, adminToken: 'environment', workerKey });
  for (const name of Object.keys(environment)) delete process.env[name];
  return local;
}

/** A call as Twilio tells of it, to an address that it was given. */
async function ring(call: string, publicUrl: string): Promise<number> {
  const fields = { CallSid: call, CallStatus: 'ringing', From: '+12125550199', To: '+14155550132' };
  const signed = `${publicUrl}${PATH}${Object.entries(fields).sort().flat().join('')}`;
  const response = await fetch(`${local?.edge}${PATH}`, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': createHmac('sha1', TOKEN).update(signed).digest('base64') },
    body: new URLSearchParams(fields),
  });
  await response.text();
  return response.status;
}

async function configure({ edge }: Local): Promise<void> {
  const body = { targets: [{ id: 'main', number: '+14155550100' }], carriers: { twilio: { authToken: TOKEN } } };
  await createClient({ edge, token: 'environment' }).call(api.putSite, { site: 'acme', body });
}

it('takes calls while WORKER_KEY is changed, and afterwards without the old one', async () => {
  const first = await start('the old key');
  await configure(first);
  expect(await ring('CA1', first.edge)).toBe(200);
  expect(await ring('CA2', (await start('another key')).edge)).toBe(404);
  const during = await start('the new key', { WORKER_KEY_PREVIOUS: 'the old key' });
  expect(await ring('CA3', during.edge)).toBe(200);
  expect(await ring('CA4', (await start('the new key')).edge)).toBe(200);
}, 60_000);

it('proves webhooks by the address that carriers are given, where PUBLIC_URL says which', async () => {
  await configure(await start('the old key'));
  expect(await ring('CA5', 'https://calls.acme.example')).toBe(403);
  await start('the old key', { PUBLIC_URL: 'https://calls.acme.example' });
  expect(await ring('CA6', 'https://calls.acme.example')).toBe(200);
  expect(await ring('CA7', 'https://evil.example')).toBe(403);
}, 60_000);
