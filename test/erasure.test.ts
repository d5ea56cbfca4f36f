import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compact } from '../scripts/compact.ts';
import { type Local, startLocal } from '../scripts/local.ts';

const folder = mkdtempSync(join(tmpdir(), 'dialmark-erasure-'));
const options = { port: 0, persistTo: folder, adminToken: 'erasure', workerKey: 'erasure' };
const ORIGIN = 'https://acme.example';
const CALLER = '+12125550187';
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
];

let local: Local;
beforeAll(async () => {
  local = await startLocal(options);
});
afterAll(async () => {
  await local?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const client = () => createClient({ edge: local.edge, token: 'erasure' });

/** Which needles stand in which files, byte for byte. */
function found(): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      return NEEDLES.filter((needle) => bytes.includes(needle)).map((needle) => `${needle} in ${entry.name}`);
    });
}

async function lease(session: string, visitor: string, path: string, referrer = '') {
  const arrival = { url: `${ORIGIN}${path}`, referrer };
  return client().call(api.lease, {
    site: 'acme',
    headers: { Origin: ORIGIN, 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/144.0' },
    body: { session, visitor, page: arrival, touch: arrival },
  });
}

async function ledgerHas(session: string): Promise<boolean> {
  const response = await client().send(api.readData, { site: 'acme', table: 'sessions', query: { format: 'ndjson' } });
  return (await response.text()).includes(session);
}

it('leaves no byte of an erased visitor or caller in the database files', async () => {
  await client().call(api.putSite, {
    site: 'acme',
    body: { origins: [ORIGIN], targets: [{ id: 'main', number: '+14155550100' }] },
  });
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
  await lease('s_other', 'v_other', '/other');
  await client().send(api.event, {
    site: 'acme',
    headers: { Origin: ORIGIN, 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/144.0' },
    body: { type: 'tag', session: 's_needle', visitor: 'v_needle', data: { userId: 'needle-user' } },
  });
  await client().call(api.reportCall, {
    site: 'acme',
    body: {
      id: 'CA1',
      from: CALLER,
      to: numbers.main?.number as string,
      startedAt: new Date().toISOString(),
      durationSeconds: 60,
    },
  });
  while (!((await ledgerHas('s_needle')) && (await ledgerHas('s_other'))))
    await new Promise((resolve) => setTimeout(resolve, 200));
  for (const needle of NEEDLES) expect(found().some((place) => place.startsWith(needle))).toBe(true);

  await client().call(api.eraseVisitor, { site: 'acme', id: 'v_needle' });
  await local.stop();
  expect(compact(folder).length).toBeGreaterThan(2);
  expect(found()).toEqual([]);

  local = await startLocal(options);
  expect(await client().call(api.getVisitor, { site: 'acme', id: 'v_other' })).toMatchObject({
    sessions: [{ id: 's_other' }],
  });
  expect(await client().call(api.getCall, { site: 'acme', id: 'CA1' })).toMatchObject({
    from: null,
    durationSeconds: 60,
    attribution: { session: null },
  });
}, 60_000);
