import type { Attestation } from '../calls/events.ts';
import { ed25519Verifies, fromBase64, isFresh } from '../platform/signature.ts';
import type { Carrier } from './carrier.ts';
import { answerTwiml, type Dialect, hangUpTwiml, nothingTwiml, parseTwiml, whisperTwiml } from './twiml.ts';

const dialect: Dialect = {
  carrier: 'telnyx',
  answersOnBridge: false,
  attestation: (form) => attestation(form.get('ShakenStirAttestation'), form.get('ShakenStirValidated')),
};

/**
 * Telnyx's TeXML applications, which send forms and are answered in TeXML (telnyx-call-control.ts is the other way).
 * Signature: https://developers.telnyx.com/docs/development/sdk/node/webhooks
 */
export const telnyx: Carrier<'telnyx'> = {
  name: 'telnyx',

  async verify(incoming, secrets, now) {
    // The address is not signed, so a GET would carry its fields unsigned.
    if (incoming.method !== 'POST' || incoming.contentType === 'other') return false;
    const timestamp = incoming.headers.get('telnyx-timestamp') ?? '';
    if (!/^\d{1,12}$/.test(timestamp) || !isFresh(Number(timestamp), now)) return false;
    const signature = fromBase64(incoming.headers.get('telnyx-signature-ed25519') ?? '');
    return ed25519Verifies(secrets.publicKey, `${timestamp}|${incoming.rawBody}`, signature);
  },
  parse: (incoming) => parseTwiml(incoming, dialect),
  answer: (plan, event, { statusUrl }, step) => answerTwiml(plan, event, statusUrl, step, dialect),
  hangUp: hangUpTwiml,
  whisper: whisperTwiml,
  acknowledge: nothingTwiml,
};

export function attestation(level: unknown, validated: unknown): Attestation | null {
  if (validated === false || validated === 'false') return 'failed';
  return level === 'A' || level === 'B' || level === 'C' ? level : null;
}
