import { CarrierName } from '@dialmark/shared/wire/forwarding';
import * as v from 'valibot';
import { bandwidth } from './bandwidth.ts';
import type { Carrier } from './carrier.ts';
import { plivo } from './plivo.ts';
import { signalwire } from './signalwire.ts';
import { telnyx } from './telnyx.ts';
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

/** The carrier a path names; null where there is none such. */
export function carrierNamed(name: string): Carrier | null {
  return v.is(CarrierName, name) ? (CARRIERS[name] as Carrier) : null;
}
