import { verstatAttestation } from '../calls/events.ts';
import { fromBase64, fromHex, hmacVerifies } from '../platform/signature.ts';
import type { Carrier } from './carrier.ts';
import { byName, fields, followedBy, type Incoming } from './incoming.ts';
import { answerTwiml, type Dialect, hangUpTwiml, nothingTwiml, parseTwiml, whisperTwiml } from './twiml.ts';

const dialect: Dialect = {
  carrier: 'signalwire',
  answersOnBridge: true,
  attestation: (form) => verstatAttestation(form.get('StirVerstat')),
};

/**
 * SignalWire's compatibility API (cXML). Forms are signed as Twilio's, in base64; JSON bodies as address and body run
 * together, in hexadecimal. Which of the two is fixed by the content type, never tried in turn.
 * https://developer.signalwire.com/guides/webhook-security
 */
export const signalwire: Carrier<'signalwire'> = {
  name: 'signalwire',

  async verify(incoming, secrets) {
    const header = incoming.headers.get('x-signalwire-signature') ?? incoming.headers.get('x-twilio-signature') ?? '';
    if (incoming.contentType === 'json') {
      const messages = followedBy(incoming.urls, incoming.rawBody);
      return hmacVerifies('SHA-1', secrets.signingKey, messages, fromHex(header));
    }
    if (incoming.rawBody !== '' && incoming.contentType !== 'form') return false;
    const signedFields = incoming.method === 'GET' ? '' : formFields(incoming);
    const messages = followedBy(incoming.urls, signedFields);
    return hmacVerifies('SHA-1', secrets.signingKey, messages, fromBase64(header));
  },
  parse: (incoming) => parseTwiml(incoming, dialect),
  answer: (plan, event, { statusUrl }, step) => answerTwiml(plan, event, statusUrl, step, dialect),
  hangUp: hangUpTwiml,
  whisper: whisperTwiml,
  acknowledge: nothingTwiml,
};

/** As Twilio's, but a name sent several times keeps all its values in the order they came. */
const formFields = (incoming: Incoming) =>
  byName(fields(incoming))
    .map(([name, value]) => name + value)
    .join('');
