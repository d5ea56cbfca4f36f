import { verstatAttestation } from '../calls/events.ts';
import { equalInConstantTime, fromBase64, hmacVerifies, sha256Hex } from '../platform/signature.ts';
import type { Carrier } from './carrier.ts';
import { byNameAndValue, fields, followedBy, type Incoming } from './incoming.ts';
import { answerTwiml, type Dialect, hangUpTwiml, nothingTwiml, parseTwiml, whisperTwiml } from './twiml.ts';

const dialect: Dialect = {
  carrier: 'twilio',
  answersOnBridge: true,
  attestation: (form) => verstatAttestation(form.get('StirVerstat')),
};

/** Twilio Programmable Voice. Signature: https://www.twilio.com/docs/usage/webhooks/webhooks-security */
export const twilio: Carrier<'twilio'> = {
  name: 'twilio',

  async verify(incoming, secrets) {
    // Webhooks Rules sign with another key and hash and say so here. Falling back to SHA-1 would let a forger choose.
    if (incoming.headers.has('x-twilio-webhooks-signature-settings')) return false;
    const messages = await twilioMessages(incoming);
    const signature = fromBase64(incoming.headers.get('x-twilio-signature') ?? '');
    return hmacVerifies('SHA-1', secrets.authToken, messages, signature);
  },
  parse: (incoming) => parseTwiml(incoming, dialect),
  answer: (plan, event, { statusUrl }, step) => answerTwiml(plan, event, statusUrl, step, dialect),
  hangUp: hangUpTwiml,
  whisper: whisperTwiml,
  acknowledge: nothingTwiml,
};

/**
 * Returns the texts that may have been signed: the address followed by the sorted fields of a form, or the address alone where
 * it carries the body's hash. None if a body would be left unsigned.
 */
async function twilioMessages(incoming: Incoming): Promise<Iterable<string>> {
  const stated = incoming.query.get('bodySHA256');
  if (stated !== null) {
    const matches = await equalInConstantTime(stated.toLowerCase(), await sha256Hex(incoming.rawBody));
    return matches ? incoming.urls : [];
  }
  if (incoming.rawBody !== '' && incoming.contentType !== 'form') return [];
  const signedFields = incoming.method === 'GET' ? '' : sortedFields(fields(incoming));
  return followedBy(incoming.urls, signedFields);
}

/** Returns every name with each of its different values, in order, run together. */
function sortedFields(form: URLSearchParams): string {
  const sorted = byNameAndValue(form);
  return sorted
    .filter(([name, value], i) => name !== sorted[i - 1]?.[0] || value !== sorted[i - 1]?.[1])
    .map(([name, value]) => name + value)
    .join('');
}
