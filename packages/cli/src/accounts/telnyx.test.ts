import Telnyx from 'telnyx';
import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../test/strict-server.ts';
import { API_KEY, serveTelnyx, type TelnyxApplication, telnyxNumber } from '../../test/strict-telnyx.ts';
import { testWorld } from '../../test/test-world.ts';
import { telnyxAccount } from './telnyx.ts';

const WEBHOOKS = {
  voice: 'https://calls.acme.example/v1/sites/acme/carriers/telnyx/voice',
  status: 'https://calls.acme.example/v1/sites/acme/carriers/telnyx/status',
};

let server: Awaited<ReturnType<typeof serveTelnyx>>;
afterEach(() => server?.close());

async function open(numbers: ReturnType<typeof telnyxNumber>[], applications: TelnyxApplication[] = [], key = API_KEY) {
  server = await serveTelnyx(numbers, applications);
  const world = testWorld({ env: { TELNYX_API_KEY: key, TELNYX_BASE_URL: `${server.origin}/v2` } });
  return { account: telnyxAccount(world), world };
}

const others: TelnyxApplication[] = ['a', 'b', 'c'].map((id) => ({
  id,
  friendly_name: id,
  voice_url: `https://other.example/${id}`,
}));

describe("Telnyx's numbers", () => {
  it('are listed over all pages, each with what serves it now', async () => {
    const ours = { id: 'ours', friendly_name: 'Calls', voice_url: WEBHOOKS.voice };
    const { account } = await open(
      [
        telnyxNumber('+14155550130'),
        telnyxNumber('+14155550131', { connection_id: 'ours', connection_name: 'Calls' }),
        telnyxNumber('+14155550132', { connection_id: 'b', connection_name: 'Sales desk' }),
        telnyxNumber('+14155550133', { status: 'port-pending' }),
      ],
      [...others, ours],
    );
    const listed = await collect(account.numbers(WEBHOOKS));
    expect(listed.map(({ number, usedBy, unfit }) => [number.slice(-3), usedBy, unfit])).toEqual([
      ['130', null, null],
      ['131', null, null],
      ['132', 'the connection Sales desk', null],
      ['133', null, 'is not active (port-pending)'],
    ]);
  });

  it('are given to a TeXML application made for this site, as the official library would', async () => {
    const number = telnyxNumber('+14155550130');
    const applications = [...others];
    const { account, world } = await open([number], applications);
    const [first] = await collect(account.numbers(WEBHOOKS));
    await account.prepare(WEBHOOKS);
    await account.point(first as never, WEBHOOKS);
    expect(applications.at(-1)).toMatchObject({
      friendly_name: 'Dialmark acme (calls.acme.example)',
      voice_url: WEBHOOKS.voice,
      voice_method: 'post',
      status_callback: WEBHOOKS.status,
      status_callback_method: 'post',
    });
    expect(number.connection_id).toBe(applications.at(-1)?.id);
    expect(world.warned.join()).toContain('outbound voice profile');

    const sent = server.log.filter(({ method }) => method !== 'GET');
    const sdk = new Telnyx({ apiKey: API_KEY, baseURL: `${server.origin}/v2` });
    await sdk.texmlApplications.create(JSON.parse(sent[0]?.body ?? ''));
    await sdk.phoneNumbers.update(number.id, JSON.parse(sent[1]?.body ?? ''));
    const official = server.log.filter(({ method }) => method !== 'GET').slice(2);
    const shape = ({ method, path, body, headers }: (typeof sent)[number]) => ({
      method,
      path,
      body: JSON.parse(body),
      authorization: headers.authorization,
      type: headers['content-type'],
    });
    expect(sent.map(shape)).toEqual(official.map(shape));
  });

  it('are given to the application of the time before, with its own name, where there is one', async () => {
    const ours = { id: 'ours', friendly_name: 'Calls', voice_url: WEBHOOKS.voice };
    const applications = [...others, ours];
    const { account } = await open([], applications);
    await account.prepare(WEBHOOKS);
    expect(applications).toHaveLength(4);
    expect(ours).toMatchObject({ friendly_name: 'Calls', status_callback: WEBHOOKS.status });
  });

  it('are not listed with a wrong key, and the key is not repeated', async () => {
    const { account } = await open([], [], 'KEY_wrong');
    const failing = collect(account.numbers(WEBHOOKS));
    await expect(failing).rejects.toThrow('Telnyx did not accept the credentials. Check TELNYX_API_KEY.');
    await expect(failing).rejects.not.toThrow(/KEY_wrong/);
  });
});
