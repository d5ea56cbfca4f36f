import * as v from 'valibot';
import { CarrierName } from './forwarding.ts';
import type { Operation } from './operation.ts';
import { Timestamp } from './primitives.ts';

/** Whether a carrier's webhooks come in: what one looks at while setting it up. Times are right to the minute. */
export const CarrierState = v.object({
  carrier: CarrierName,
  /** Whether the site has its secret. */
  configured: v.boolean(),
  /** The last webhook that was proved to be the carrier's; null: none yet. */
  lastWebhookAt: v.nullable(Timestamp),
  /** The last request that was turned away, where one was. */
  lastRefusedAt: v.nullable(Timestamp),
  /** Why: its signature did not fit the secret, or there was no secret to prove it with. */
  lastRefusal: v.nullable(v.picklist(['signature', 'not_configured'])),
});
export type CarrierState = v.InferOutput<typeof CarrierState>;

export const carrierOperations = {
  listCarriers: {
    method: 'GET',
    path: '/v1/sites/{site}/carriers',
    summary: 'Which carriers are set up, and when each was last heard of',
    access: 'read',
    response: v.object({ items: v.array(CarrierState) }),
    status: 200,
  },
} as const satisfies Record<string, Operation>;
