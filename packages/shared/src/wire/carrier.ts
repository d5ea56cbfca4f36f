import * as v from 'valibot';
import { CarrierName } from './forwarding.ts';
import type { Operation } from './operation.ts';
import { Timestamp } from './primitives.ts';

/** State of a carrier's webhooks, for the person who sets it up. Times are accurate to the minute. */
export const CarrierState = v.object({
  carrier: CarrierName,
  /** True if the site has its secret. */
  configured: v.boolean(),
  /** When the last genuine webhook arrived; null for none yet. */
  lastWebhookAt: v.nullable(Timestamp),
  /** When the last request was refused; null for never. */
  lastRefusedAt: v.nullable(Timestamp),
  /** Why it was refused: its signature did not match the secret, or the site has no secret. */
  lastRefusal: v.nullable(v.picklist(['signature', 'not_configured'])),
});
export type CarrierState = v.InferOutput<typeof CarrierState>;

export const carrierOperations = {
  listCarriers: {
    method: 'GET',
    path: '/v1/sites/{site}/carriers',
    summary: 'List carriers with their setup state and latest webhook',
    access: 'read',
    response: v.object({ items: v.array(CarrierState) }),
    status: 200,
  },
} as const satisfies Record<string, Operation>;
