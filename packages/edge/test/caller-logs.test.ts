import { runInDurableObject } from 'cloudflare:test';
import { api } from '@dialmark/shared';
import { CarrierName } from '@dialmark/shared/wire/forwarding';
import { afterEach, expect, it, vi } from 'vitest';
import { type Fields, type Forgery, secretsOf, signedRequest } from './carrier-signers.ts';
import { STORIES } from './carrier-stories.ts';
import { admin, drain, env, ledgerRows, mainOf, newSite, worker } from './edge.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const CALLER = '+12125550187';
const SECRET = 'the secret of the account';

it.each(CarrierName.options)('a caller by %s is not in the logs, whatever fails', async (carrier) => {
  const lines: string[] = [];
  for (const level of ['debug', 'log', 'info', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...said) => {
      lines.push(said.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '));
    });
  }
  const site = await newSite(1, { carriers: { [carrier]: await secretsOf(carrier, SECRET) } });
  const to = (await mainOf(site, 's_1', { visitor: 'v_1' })).number as string;
  const voice = `https://edge.example/v1/sites/${site}/carriers/${carrier}/voice`;
  const send = async (url: string, fields: Fields, forgery?: Forgery) => {
    const response = await worker(await signedRequest(carrier, SECRET, url, fields, forgery));
    return { status: response.status, text: await response.text() };
  };
  const incoming = (call: string) => STORIES[carrier].incoming({ call, from: CALLER, to });

  const { text } = await send(voice, incoming('CA1'));
  const later = STORIES[carrier].answered({ call: 'CA1', from: CALLER, to }, text, voice.replace('/voice', '/status'));
  for (const [url, fields] of later) await send(url, fields);
  expect((await send(voice, incoming('CA2'), { secret: 'forged' })).status).toBe(403);

  await drain(site);
  await ledgerRows(site, 'DROP TABLE call');
  await send(voice, incoming('CA4'));
  await drain(site);
  await admin.send(api.listCalls, { site, query: { caller: CALLER } });
  await admin.send(api.eraseCaller, { site, number: CALLER });

  const rename = (from: string, name: string) =>
    runInDurableObject(env.POOL.getByName(site), (_, { storage }) => {
      storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${name}`);
    });
  await rename('call_events', 'away');
  await send(voice, incoming('CA3'));
  await rename('away', 'call_events');

  const said = lines.join('\n');
  for (const event of ['webhook_refused', 'ledger_unavailable', 'pool_unavailable']) expect(said).toContain(event);
  expect(said).not.toContain(CALLER.slice(2));
});
