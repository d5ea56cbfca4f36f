import type { CarrierName } from '@dialmark/shared/wire/forwarding';
import { bandwidth } from './bandwidth.ts';
import type { Carrier } from './carrier.ts';
import type { Incoming } from './incoming.ts';
import { plivo } from './plivo.ts';
import { signalwire } from './signalwire.ts';
import { telnyx } from './telnyx.ts';
import { telnyxCallControl } from './telnyx-call-control.ts';
import { twilio } from './twilio.ts';
import { vonage } from './vonage.ts';

/** Every carrier by name. */
export const CARRIERS: { readonly [N in CarrierName]: Carrier<N> } = {
  twilio,
  telnyx,
  plivo,
  vonage,
  signalwire,
  bandwidth,
};

/** Returns the adapter for a carrier's request: Telnyx has two ways to control a call. */
export function adapterFor(name: CarrierName, incoming: Incoming): Carrier {
  return (name === 'telnyx' && incoming.contentType === 'json' ? telnyxCallControl : CARRIERS[name]) as Carrier;
}
