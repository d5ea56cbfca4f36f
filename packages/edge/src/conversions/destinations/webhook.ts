import { type IntegrationOf, type IntegrationSecrets, rfc3339, type Site, type WebhookTest } from '@dialmark/shared';
import { hmac } from '../../platform/hmac.ts';
import { addressError } from '../../platform/public-address.ts';
import { fromBase64, toBase64 } from '../../platform/signature.ts';
import { inParallel } from '../in-parallel.ts';
import { ask, unsuccessful } from './answer.ts';
import type { DestinationOf, Outcome, OutgoingMessage, SendContext } from './destination.ts';

const PARALLEL = 4;

/**
 * Webhooks signed as the Standard Webhooks specification says
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 */
export const webhook: DestinationOf<'webhook'> = {
  rules: {},

  async send({ url }, { signingSecret }, messages, context) {
    const outcomes = new Map<string, Outcome>();
    await inParallel(messages, PARALLEL, async (message) => {
      outcomes.set(message.id, await postSigned(url, [signingSecret], message, context));
    });
    return outcomes;
  },

  async test(integration, secrets, site, context) {
    const outcome = await postTest(integration, secrets, site, context);
    const detail = 'error' in outcome ? outcome.error : null;
    return { delivered: outcome.became === 'delivered', status: outcome.status, detail };
  },
};

/** Posts a message, signed with each of the secrets: a receiver takes it where one of them is its own. Never throws. */
export async function postSigned(
  url: string,
  secrets: readonly string[],
  message: Pick<OutgoingMessage, 'id' | 'payload'>,
  context: SendContext,
): Promise<Outcome> {
  const error = addressError(url, context.local);
  if (error) return { became: 'rejected', status: null, error: `the address ${error}` };
  const timestamp = Math.floor(context.now / 1000);
  const signatures = secrets.map((secret) => sign(secret, message.id, timestamp, message.payload));
  const answer = await ask(context, url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'User-Agent': 'Dialmark',
      'webhook-id': message.id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': (await Promise.all(signatures)).join(' '),
    },
    body: message.payload,
  });
  if (answer.status !== null && answer.status >= 200 && answer.status < 300) {
    return { became: 'delivered', status: answer.status };
  }
  // 410 is the receiver's way to say that it wants no more; everything else may mend (the specification again).
  if (answer.status === 410)
    return { became: 'rejected', status: 410, error: 'the receiver is gone (410)', gone: true };
  const outcome = unsuccessful(answer);
  return outcome.became === 'rejected' ? { ...outcome, became: 'postponed' } : outcome;
}

/** Sends a message of no call, so that somebody sees whether it comes in. Never throws. */
export function postTest(
  { url }: Pick<IntegrationOf<'webhook'>, 'url'>,
  { signingSecret }: IntegrationSecrets['webhook'],
  site: Pick<Site, 'id' | 'name'>,
  context: SendContext,
): Promise<Outcome> {
  const event: WebhookTest = {
    type: 'webhook.test',
    timestamp: rfc3339(context.now),
    data: { site: { id: site.id, name: site.name ?? null } },
  };
  const message = { id: `test_${context.now.toString(36)}`, payload: JSON.stringify(event) };
  return postSigned(url, [signingSecret], message, context);
}

/** `v1,` and the base64 of HMAC-SHA-256 over `id.timestamp.body`. */
async function sign(secret: string, id: string, timestamp: number, body: string): Promise<string> {
  const raw = fromBase64(secret.replace(/^whsec_/, '')) ?? new Uint8Array();
  return `v1,${toBase64(await hmac('SHA-256', raw, `${id}.${timestamp}.${body}`))}`;
}

/** A new signing secret: 32 random bytes. */
export function newSigningSecret(): string {
  return `whsec_${toBase64(crypto.getRandomValues(new Uint8Array(32)))}`;
}
