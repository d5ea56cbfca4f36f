export const CARRIERS = {
  twilio: 'Twilio',
  telnyx: 'Telnyx',
  plivo: 'Plivo',
  vonage: 'Vonage',
  signalwire: 'SignalWire',
  bandwidth: 'Bandwidth',
} as const;
export type Carrier = keyof typeof CARRIERS;

/** Each carrier's secrets: their names in the API, and their labels. */
export const CARRIER_SECRETS: Record<Carrier, readonly (readonly [name: string, label: string])[]> = {
  twilio: [['authToken', 'Auth token']],
  telnyx: [
    ['publicKey', 'Public key'],
    ['apiKey', 'API key (only for Call Control)'],
  ],
  plivo: [['authToken', 'Auth token']],
  vonage: [
    ['signatureSecret', 'Signature secret'],
    ['apiKey', 'API key'],
  ],
  signalwire: [['signingKey', 'Signing key']],
  bandwidth: [
    ['username', 'User name'],
    ['password', 'Password'],
  ],
};
