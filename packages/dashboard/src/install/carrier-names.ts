export const CARRIERS = {
  twilio: 'Twilio',
  telnyx: 'Telnyx',
  plivo: 'Plivo',
  vonage: 'Vonage',
  signalwire: 'SignalWire',
  bandwidth: 'Bandwidth',
} as const;
export type Carrier = keyof typeof CARRIERS;
