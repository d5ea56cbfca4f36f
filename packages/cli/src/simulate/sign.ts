import { createHash, createHmac, createPrivateKey, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto';
import type { CarrierName } from '@dialmark/shared/wire/forwarding';
import type { Webhook } from './webhooks.ts';

/** A carrier's secrets by the names the site's `carriers` has for them; Telnyx: `privateKey`, which signs. */
export type Secrets = Record<string, string>;

/** Returns a webhook as a signed request. `url` is the endpoint's address, without notes. */
export function signedRequest(
  carrier: CarrierName,
  webhook: Webhook,
  url: string,
  secrets: Secrets,
  now: Date,
): Request {
  const query = new URLSearchParams(webhook.query).toString();
  const address = query ? `${url}?${query}` : url;
  const { form, json } = webhook;
  const body = form ? new URLSearchParams(form).toString() : JSON.stringify(json);
  const headers = new Headers({ 'Content-Type': form ? 'application/x-www-form-urlencoded' : 'application/json' });
  for (const [name, value] of Object.entries(
    SIGNERS[carrier].sign({ address, form: form ?? {}, body, secrets, now }),
  )) {
    headers.set(name, value);
  }
  return new Request(address, { method: 'POST', headers, body });
}

interface ToSign {
  address: string;
  form: Record<string, string>;
  body: string;
  secrets: Secrets;
  now: Date;
}
interface Signer {
  /** The environment variable of each secret. */
  variables: Record<string, string>;
  /** Returns the headers that prove a request. */
  sign(request: ToSign): Record<string, string>;
}

const hmac = (hash: 'sha1' | 'sha256', secret: string | undefined, text: string) =>
  createHmac(hash, secret ?? '').update(text);

const sortedFields = (form: Record<string, string>) =>
  Object.keys(form)
    .sort()
    .map((name) => name + form[name])
    .join('');

/** https://www.twilio.com/docs/usage/security#validating-requests; SignalWire's is the same under another header. */
const addressAndFields = (secret: string | undefined, { address, form }: ToSign) =>
  hmac('sha1', secret, address + sortedFields(form)).digest('base64');

/** The signature of each carrier, with the environment variables of its secrets. */
export const SIGNERS: Record<CarrierName, Signer> = {
  twilio: {
    variables: { authToken: 'TWILIO_AUTH_TOKEN' },
    sign: (request) => ({ 'X-Twilio-Signature': addressAndFields(request.secrets.authToken, request) }),
  },

  signalwire: {
    variables: { signingKey: 'SIGNALWIRE_SIGNING_KEY' },
    sign: (request) => ({ 'X-SignalWire-Signature': addressAndFields(request.secrets.signingKey, request) }),
  },

  // https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks
  telnyx: {
    variables: { privateKey: 'TELNYX_PRIVATE_KEY' },
    sign: ({ body, secrets, now }) => {
      const timestamp = String(Math.floor(now.getTime() / 1000));
      const signature = sign(null, Buffer.from(`${timestamp}|${body}`), ed25519Key(secrets.privateKey ?? ''));
      return { 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': signature.toString('base64') };
    },
  },

  // https://www.plivo.com/docs/voice/concepts/signature-validation, version 3
  plivo: {
    variables: { authToken: 'PLIVO_AUTH_TOKEN' },
    sign: ({ address, form, secrets }) => {
      const nonce = randomBytes(10).toString('hex');
      const [base, query = ''] = address.split('?');
      const sortedQuery = query.split('&').filter(Boolean).map(decodeURIComponent).sort().join('&');
      const text = `${base}?${sortedQuery}${sortedQuery ? '.' : ''}${sortedFields(form)}.${nonce}`;
      return {
        'X-Plivo-Signature-V3': hmac('sha256', secrets.authToken, text).digest('base64'),
        'X-Plivo-Signature-V3-Nonce': nonce,
      };
    },
  },

  // https://developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks
  vonage: {
    variables: { signatureSecret: 'VONAGE_SIGNATURE_SECRET', apiKey: 'VONAGE_API_KEY' },
    sign: ({ body, secrets, now }) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const claims = {
        iss: 'Vonage',
        iat: Math.floor(now.getTime() / 1000),
        jti: randomUUID(),
        api_key: secrets.apiKey,
        payload_hash: createHash('sha256').update(body).digest('hex'),
      };
      const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
      return { Authorization: `Bearer ${text}.${hmac('sha256', secrets.signatureSecret, text).digest('base64url')}` };
    },
  },

  bandwidth: {
    variables: { username: 'BANDWIDTH_USERNAME', password: 'BANDWIDTH_PASSWORD' },
    sign: ({ secrets }) => ({
      Authorization: `Basic ${Buffer.from(`${secrets.username}:${secrets.password}`).toString('base64')}`,
    }),
  },
};

/** DER of an Ed25519 private key up to the key itself (RFC 8410, section 7). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Returns a key from its 32 raw bytes in base64. */
function ed25519Key(base64: string): KeyObject {
  const der = Buffer.concat([PKCS8_HEAD, Buffer.from(base64, 'base64')]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}
