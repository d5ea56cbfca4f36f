import twilioSdk from 'twilio';
import { afterEach, describe, expect, it } from 'vitest';
import { collect } from '../../test/strict-server.ts';
import { ACCOUNT, AUTH_TOKEN, serveTwilio, twilioNumber } from '../../test/strict-twilio.ts';
import { testWorld } from '../../test/test-world.ts';
import { twilioAccount } from './twilio.ts';

const WEBHOOKS = {
  voice: 'https://calls.acme.example/v1/sites/acme/carriers/twilio/voice',
  status: 'https://calls.acme.example/v1/sites/acme/carriers/twilio/status',
};
const env = { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_AUTH_TOKEN: AUTH_TOKEN };

let server: Awaited<ReturnType<typeof serveTwilio>>;
afterEach(() => server?.close());

async function open(numbers: ReturnType<typeof twilioNumber>[], more: Record<string, string> = {}) {
  server = await serveTwilio(numbers);
  return twilioAccount(testWorld({ env: { ...env, TWILIO_BASE_URL: server.origin, ...more } }));
}

describe("Twilio's numbers", () => {
  it('are listed over all pages, each with what serves it now', async () => {
    const account = await open([
      twilioNumber('+14155550130'),
      twilioNumber('+14155550131', { voice_url: '' }),
      twilioNumber('+14155550132', { voice_url: WEBHOOKS.voice }),
      twilioNumber('+14155550133', { voice_url: 'https://other.example/voice' }),
      twilioNumber('+14155550134', { trunk_sid: 'TK1' }),
      twilioNumber('+14155550135', { voice_application_sid: 'AP1' }),
      twilioNumber('+14155550136', { capabilities: { voice: false } }),
    ]);
    const listed = await collect(account.numbers(WEBHOOKS));
    expect(listed.map(({ number, usedBy, unfit }) => [number.slice(-3), usedBy, unfit])).toEqual([
      ['130', null, null],
      ['131', null, null],
      ['132', null, null],
      ['133', 'https://other.example/voice', null],
      ['134', null, expect.stringContaining('trunk TK1')],
      ['135', null, expect.stringContaining('application AP1')],
      ['136', null, 'does not take calls'],
    ]);
    expect(server.log).toHaveLength(4);
  });

  it('are pointed at both webhooks, as the official library would', async () => {
    const ours = twilioNumber('+14155550130');
    const theirs = twilioNumber('+14155550131');
    const account = await open([ours, theirs]);
    const [first] = await collect(account.numbers(WEBHOOKS));
    await account.point(first as never, WEBHOOKS);
    expect(ours).toMatchObject({ voice_url: WEBHOOKS.voice, status_callback: WEBHOOKS.status });

    const { origin } = server;
    const sdk = twilioSdk(ACCOUNT, AUTH_TOKEN, {
      httpClient: Object.assign(new twilioSdk.RequestClient(), {
        request: (options: { uri: string }) =>
          new twilioSdk.RequestClient().request({
            ...options,
            uri: options.uri.replace('https://api.twilio.com', origin),
          } as never),
      }) as never,
    });
    await sdk.incomingPhoneNumbers(theirs.sid).update({
      voiceUrl: WEBHOOKS.voice,
      voiceMethod: 'POST',
      statusCallback: WEBHOOKS.status,
      statusCallbackMethod: 'POST',
    });
    const [sent, official] = server.log.filter(({ method }) => method === 'POST');
    expect(Object.fromEntries(new URLSearchParams(sent?.body))).toEqual(
      Object.fromEntries(new URLSearchParams(official?.body)),
    );
    expect(sent?.path).toBe(official?.path.replace(theirs.sid, ours.sid));
    expect(sent?.headers.authorization).toBe(official?.headers.authorization);
  });

  it('are not listed with wrong credentials, and the credentials are not repeated', async () => {
    const account = await open([twilioNumber('+14155550130')], { TWILIO_AUTH_TOKEN: 'not-the-token' });
    const failing = collect(account.numbers(WEBHOOKS));
    await expect(failing).rejects.toThrow(
      'Twilio did not accept the credentials. Check TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.',
    );
    await expect(failing).rejects.not.toThrow(/not-the-token/);
  });

  it('are not asked for without credentials', () => {
    expect(() => twilioAccount(testWorld({ env: { TWILIO_ACCOUNT_SID: ACCOUNT } }))).toThrow(/TWILIO_AUTH_TOKEN/);
  });

  it('tell in Twilio’s words why one could not be changed', async () => {
    const account = await open([]);
    const gone = { id: `PN${'9'.repeat(32)}`, number: '+14155550139', usedBy: null, unfit: null };
    await expect(account.point(gone, WEBHOOKS)).rejects.toThrow(/^Twilio answered 404: The requested resource/);
  });

  it('cannot give the webhooks’ secret where only an API key is known', () => {
    const keys = { TWILIO_ACCOUNT_SID: ACCOUNT, TWILIO_API_KEY: 'SK1', TWILIO_API_SECRET: 's' };
    expect(twilioAccount(testWorld({ env: keys })).secret).toBeNull();
    expect(twilioAccount(testWorld({ env })).secret).toEqual({ authToken: AUTH_TOKEN });
  });
});
