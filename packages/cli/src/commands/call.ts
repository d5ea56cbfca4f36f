import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { api, type Call } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import { CarrierName } from '@dialmark/shared/wire/forwarding';
import * as v from 'valibot';
import { callReport } from '../call-text.ts';
import { command } from '../command.ts';
import { CONNECTION, connectToSite, type SiteConnection } from '../connection.ts';
import { Failure, usageFailure } from '../failure.ts';
import { SECRET_VARIABLES, signingSecrets } from '../simulate/secrets.ts';
import { signedRequest } from '../simulate/sign.ts';
import { newCallId, webhooksOf } from '../simulate/webhooks.ts';

const E164 = /^\+[1-9]\d{6,14}$/;

export const call = command({
  name: 'call',
  summary: 'simulate a call through a carrier, signed as the carrier signs, and show it attributed',
  usage: ['call --to +14155550132 [--carrier twilio] [--from +1…] [--missed | --talk SECONDS]'],
  options: {
    to: { type: 'string', value: '+1…', text: 'the tracking number that is dialled' },
    from: { type: 'string', value: '+1…', text: 'who calls (default: a number kept for fiction)' },
    carrier: { type: 'string', value: 'NAME', text: `${CarrierName.options.join(', ')} (default: twilio)` },
    talk: { type: 'string', value: 'SECONDS', text: 'how long they talk (default: 93)' },
    missed: { type: 'boolean', text: 'nobody picks up' },
    'secret-file': { type: 'string', value: 'FILE', text: "file holding the carrier's secret, alone or as JSON" },
    json: { type: 'boolean', text: 'the call as JSON' },
    ...CONNECTION,
  },
  details: [
    'The secret is the one the site has, from the environment or a file:',
    ...Object.entries(SECRET_VARIABLES).map(
      ([carrier, names]) => `  ${carrier.padEnd(11)} ${Object.values(names).join(', ')}`,
    ),
    'Telnyx signs with a key that only it has: give a test site the public half of a pair of your own.',
    '',
    'The call counts like any other: use a number of a test site, or delete nothing and expect it in reports.',
  ],
  async run(given, world) {
    const { to, from, carrier: named, talk, missed, json } = given.values;
    if (!to || !E164.test(to))
      throw usageFailure('Which number is called? Give --to in E.164, such as --to +14155550132');
    if (from && !E164.test(from)) throw usageFailure('--from takes a number in E.164, such as +12125550199');
    if (talk && !/^[1-9]\d{0,4}$/.test(talk))
      throw usageFailure('--talk takes a whole number of seconds above 0; or use --missed');
    const carrier = v.safeParse(CarrierName, named ?? 'twilio');
    if (!carrier.success) throw usageFailure(`--carrier takes ${CarrierName.options.join(', ')}, not "${named}".`);
    const connection = await connectToSite(given, world);
    const secrets = await signingSecrets(carrier.output, given.values['secret-file'], world);

    const now = new Date();
    const talkSeconds = missed ? 0 : Number(talk ?? 93);
    const simulated = {
      id: newCallId(carrier.output),
      from: from ?? `+1212555${randomInt(100, 200).toString().padStart(4, '0')}`,
      to,
      startedAt: now,
      talkSeconds,
    };
    const base = `${connection.edge}/v1/sites/${encodeURIComponent(connection.site)}/carriers/${carrier.output}`;
    for (const webhook of webhooksOf(carrier.output, simulated)) {
      const url = `${base}/${webhook.endpoint}`;
      const response = await world.fetch(signedRequest(carrier.output, webhook, url, secrets, now));
      const text = await response.text();
      if (!response.ok) throw new Failure(refusal(response.status, carrier.output, connection.site, text));
    }
    const attributed = await readCall(connection, simulated.id);
    world.out(json ? JSON.stringify(attributed) : callReport(attributed));
  },
});

function refusal(status: number, carrier: string, site: string, text: string): string {
  if (status === 403)
    return `${site} refused the signature: the secret here is not the one the site has for ${carrier}.`;
  if (status === 404)
    return `${site} has no ${carrier} configured. Give it the secret: see docs/carriers/${carrier}.md`;
  return `The webhook was answered ${status}: ${text.slice(0, 200)}`;
}

/** The pool has it at once; a Worker that just restarted may need a moment. */
async function readCall({ client, site }: SiteConnection, id: string): Promise<Call> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.call(api.getCall, { site, id });
    } catch (error) {
      if (!(error instanceof DialmarkError) || error.problem.status !== 404 || attempt === 5) throw error;
      await sleep(200 * attempt);
    }
  }
}
