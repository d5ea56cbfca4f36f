import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, type Call, type CallReport } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import { CarrierName } from '@dialmark/shared/wire/forwarding';
import * as v from 'valibot';
import { callReport } from '../call-text.ts';
import { command } from '../command.ts';
import { CONNECTION, connectToSite, type SiteConnection } from '../connection.ts';
import { Failure, usageFailure } from '../failure.ts';
import { signingSecrets } from '../simulate/secrets.ts';
import { SIGNERS, signedRequest } from '../simulate/sign.ts';
import { newCallId, type SimulatedCall, webhooksOf } from '../simulate/webhooks.ts';
import type { World } from '../world.ts';

type Simulated = Omit<SimulatedCall, 'id'>;

const E164 = /^\+[1-9]\d{6,14}$/;

export const call = command({
  name: 'call',
  summary: 'simulate a call and show its attribution',
  usage: [
    'call --to +14155550132 [--from +1…] [--missed | --talk SECONDS]',
    'call --to +14155550132 --carrier twilio [--secret-file FILE]',
  ],
  options: {
    to: { type: 'string', value: '+1…', text: 'tracking number to dial' },
    from: { type: 'string', value: '+1…', text: 'caller (default: a number reserved for fiction)' },
    carrier: {
      type: 'string',
      value: 'NAME',
      text: `send webhooks signed as this carrier signs them: ${CarrierName.options.join(', ')}`,
    },
    talk: { type: 'string', value: 'SECONDS', text: 'talk time (default: 93)' },
    missed: { type: 'boolean', text: 'nobody answers' },
    'secret-file': { type: 'string', value: 'FILE', text: "file with the carrier's secret, as plain text or JSON" },
    json: { type: 'boolean', text: 'print the call as JSON' },
    ...CONNECTION,
  },
  details: [
    'Without --carrier, the call is reported through the API, as your own program would report it.',
    'With --carrier, its webhooks are sent to the Worker, signed with the secret that the site has for this carrier. The',
    'secret is read from the environment or a file. If TWILIO_AUTH_TOKEN is set, twilio is the default carrier:',
    ...Object.entries(SIGNERS).map(
      ([carrier, { variables }]) => `  ${carrier.padEnd(11)} ${Object.values(variables).join(', ')}`,
    ),
    'Telnyx signs with its own private key. For a test site, create a key pair and configure its public key.',
    '',
    'It is a test call: reports and integrations leave it out, and you can delete it.',
  ],
  async run(given, world) {
    const { to, from, talk, missed, json } = given.values;
    if (!to || !E164.test(to))
      throw usageFailure('--to is required: a number in E.164 format, such as --to +14155550132');
    if (from && !E164.test(from)) throw usageFailure('--from must be a number in E.164 format, such as +12125550199');
    if (talk && !/^[1-9]\d{0,4}$/.test(talk))
      throw usageFailure('--talk must be a whole number of seconds above 0. For an unanswered call, use --missed');
    const named = given.values.carrier ?? usualCarrier(given.values['secret-file'], world);
    const carrier = v.safeParse(v.optional(CarrierName), named);
    if (!carrier.success)
      throw usageFailure(`--carrier must be one of ${CarrierName.options.join(', ')}, not "${named}".`);
    const connection = await connectToSite(given, world);

    const simulated = {
      from: from ?? `+1212555${randomInt(100, 200).toString().padStart(4, '0')}`,
      to,
      startedAt: new Date(),
      talkSeconds: missed ? 0 : Number(talk ?? 93),
    };
    const attributed = carrier.output
      ? await playWebhooks(connection, carrier.output, simulated, given.values['secret-file'], world)
      : await report(connection, simulated);
    world.out(json ? JSON.stringify(attributed) : callReport(attributed));
  },
});

/** Returns the carrier whose secret is at hand. */
function usualCarrier(secretFile: string | undefined, { env }: World): CarrierName | undefined {
  return secretFile !== undefined || env.TWILIO_AUTH_TOKEN ? 'twilio' : undefined;
}

/** Reports the call by the API, as a program would. */
function report({ client, site }: SiteConnection, { from, to, startedAt, talkSeconds }: Simulated): Promise<Call> {
  const body: v.InferInput<typeof CallReport> = {
    id: `simulated-${randomUUID()}`,
    from,
    to,
    startedAt: startedAt.toISOString(),
    test: true,
    ...(talkSeconds > 0 ? { durationSeconds: talkSeconds } : { status: 'missed' }),
  };
  return client.call(api.reportCall, { site, body });
}

/** Sends the call as its carrier would, each webhook signed. */
async function playWebhooks(
  connection: SiteConnection,
  carrier: CarrierName,
  simulated: Simulated,
  secretFile: string | undefined,
  world: World,
): Promise<Call> {
  const secrets = await signingSecrets(carrier, secretFile, world);
  const id = newCallId(carrier);
  const base = `${connection.edge}/v1/sites/${encodeURIComponent(connection.site)}/carriers/${carrier}`;
  for (const webhook of webhooksOf(carrier, { ...simulated, id })) {
    const url = `${base}/${webhook.endpoint}`;
    const test = { ...webhook, query: { ...webhook.query, test: 'true' } };
    const response = await world.fetch(signedRequest(carrier, test, url, secrets, simulated.startedAt));
    const text = await response.text();
    if (!response.ok) throw new Failure(rejection(response.status, carrier, connection.site, text));
  }
  return readCall(connection, id);
}

function rejection(status: number, carrier: string, site: string, text: string): string {
  if (status === 403) return `${site} rejected the signature: this is not the secret that the site has for ${carrier}.`;
  if (status === 404) return `${site} has no secret for ${carrier}. To add it, see docs/carriers/${carrier}.md`;
  return `The Worker responded to the webhook with status ${status}: ${text.slice(0, 200)}`;
}

/** Waits for the pool, which has it at once unless the Worker has just restarted. */
async function readCall({ client, site }: SiteConnection, id: string): Promise<Call> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.call(api.getCall, { site, id });
    } catch (error) {
      if (!(error instanceof DialmarkError) || error.problem.code !== 'call_not_found' || attempt === 5) throw error;
      await sleep(200 * attempt);
    }
  }
}
