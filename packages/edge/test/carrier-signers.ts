import type { CarrierName } from '@dialmark/shared/wire/forwarding';

/**
 * Requests as the carriers sign them, by WebCrypto, written from the carriers' documents and not from our own
 * verifiers; that both agree with the carriers' libraries is shown in src/carriers, where those can run.
 */

const utf8 = new TextEncoder();
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const base64url = (bytes: Uint8Array) => base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

async function hmac(hash: 'SHA-1' | 'SHA-256', secret: string, text: string): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey('raw', utf8.encode(secret), { name: 'HMAC', hash }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8.encode(text)));
}

export type Fields = Record<string, unknown>;
export interface Forgery {
  /** Signed by another account. */
  secret?: string;
  /** Signed so many seconds ago. */
  age?: number;
  /** Signed for another address. */
  signedUrl?: string;
  /** Signed over these fields instead. */
  signedFields?: Fields;
  /** Header fields to add or replace; null leaves one out. */
  headers?: Record<string, string | null>;
}

const telnyxKeys = new Map<string, Promise<CryptoKeyPair>>();
function telnyxKey(name: string): Promise<CryptoKeyPair> {
  let pair = telnyxKeys.get(name);
  if (!pair) {
    pair = crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
    telnyxKeys.set(name, pair);
  }
  return pair;
}

/** Returns the secrets of an account, in the form of the site's configuration. */
export async function secretsOf(carrier: CarrierName, secret: string): Promise<Record<string, string>> {
  switch (carrier) {
    case 'telnyx': {
      const raw = await crypto.subtle.exportKey('raw', (await telnyxKey(secret)).publicKey);
      return { publicKey: base64(new Uint8Array(raw as ArrayBuffer)) };
    }
    case 'vonage':
      return { signatureSecret: secret, apiKey: 'abcd1234' };
    case 'signalwire':
      return { signingKey: secret };
    case 'bandwidth':
      return { username: 'dialmark', password: secret };
    default:
      return { authToken: secret };
  }
}

/** Carriers that send forms; the others send JSON. Telnyx does both: here its TeXML applications. */
const FORMS: ReadonlySet<CarrierName> = new Set(['twilio', 'signalwire', 'telnyx', 'plivo']);

/** Returns the request that a carrier would make, signed with `secret`, or with what makes it a forgery. */
export async function signedRequest(
  carrier: CarrierName,
  secret: string,
  url: string,
  fields: Fields,
  forgery: Forgery = {},
): Promise<Request> {
  const isForm = FORMS.has(carrier) && !('data' in fields);
  const write = (of: Fields) =>
    isForm ? new URLSearchParams(of as Record<string, string>).toString() : JSON.stringify(of);
  const body = write(fields);
  const signature = await sign(
    carrier,
    forgery.secret ?? secret,
    forgery.signedUrl ?? url,
    forgery.signedFields ?? fields,
    write(forgery.signedFields ?? fields),
    Math.floor(Date.now() / 1000) - (forgery.age ?? 0),
  );
  const headers = new Headers({
    'Content-Type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    ...signature,
  });
  for (const [name, value] of Object.entries(forgery.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  return new Request(url, { method: 'POST', headers, body });
}

/** Returns the GET that a carrier would make to an address as it was typed; the credentials arrive in a header of their own. */
export async function signedGet(
  carrier: 'twilio' | 'signalwire' | 'plivo',
  secret: string,
  typed: string,
  fields: Fields,
): Promise<Request> {
  const asked = `${typed}${typed.includes('?') ? '&' : '?'}${new URLSearchParams(fields as Record<string, string>)}`;
  const headers = new Headers(await sign(carrier, secret, asked, {}, '', 0));
  const url = new URL(asked);
  if (url.username !== '') headers.set('Authorization', `Basic ${btoa(`${url.username}:${url.password}`)}`);
  url.username = '';
  url.password = '';
  return new Request(url.href, { headers });
}

async function sign(
  carrier: CarrierName,
  secret: string,
  url: string,
  fields: Fields,
  body: string,
  now: number,
): Promise<Record<string, string>> {
  const sorted = Object.entries(fields)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}${value}`)
    .join('');
  switch (carrier) {
    case 'twilio':
      return { 'X-Twilio-Signature': base64(await hmac('SHA-1', secret, url + sorted)) };
    case 'signalwire':
      return { 'X-SignalWire-Signature': base64(await hmac('SHA-1', secret, url + sorted)) };
    case 'telnyx': {
      const { privateKey } = await telnyxKey(secret);
      const mac = await crypto.subtle.sign('Ed25519', privateKey, utf8.encode(`${now}|${body}`));
      return { 'telnyx-timestamp': String(now), 'telnyx-signature-ed25519': base64(new Uint8Array(mac)) };
    }
    case 'plivo': {
      const [base = '', query = ''] = url.split('?');
      const asked = [...new URLSearchParams(query)].sort().map(([name, value]) => `${name}=${value}`);
      const signedQuery = asked.length > 0 || sorted !== '' ? `?${asked.join('&')}` : '';
      const text = `${base}${signedQuery}${asked.length > 0 && sorted !== '' ? '.' : ''}${sorted}`;
      const nonce = crypto.randomUUID();
      return {
        'X-Plivo-Signature-V3': base64(await hmac('SHA-256', secret, `${text}.${nonce}`)),
        'X-Plivo-Signature-V3-Nonce': nonce,
      };
    }
    case 'vonage':
      return { Authorization: `Bearer ${await vonageToken(secret, body, now)}` };
    case 'bandwidth':
      return { Authorization: `Basic ${base64(utf8.encode(`dialmark:${secret}`))}` };
  }
}

export async function vonageToken(secret: string, body: string, now: number, alg = 'HS256'): Promise<string> {
  const part = (value: unknown) => base64url(utf8.encode(JSON.stringify(value)));
  const hash = hex(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(body))));
  const claims = { iss: 'Vonage', iat: now, jti: crypto.randomUUID(), api_key: 'abcd1234', payload_hash: hash };
  const text = `${part({ alg, typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${alg === 'none' ? '' : base64url(await hmac('SHA-256', secret, text))}`;
}

/** Returns the SHA-256 signature of a form, which Twilio's Webhooks Rules make and which is not taken. */
export async function twilioSha256(secret: string, url: string, fields: Fields): Promise<string> {
  const sorted = Object.entries(fields)
    .sort()
    .map(([name, value]) => `${name}${value}`)
    .join('');
  return base64(await hmac('SHA-256', secret, url + sorted));
}
