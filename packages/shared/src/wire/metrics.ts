import * as v from 'valibot';
import { Alert } from './alert.ts';
import { CallStatus } from './call.ts';
import { CarrierName } from './forwarding.ts';
import { DeliveryState, IntegrationKind } from './integration.ts';
import { FallbackReason } from './lease.ts';
import { Timestamp } from './primitives.ts';
import { BindingKind } from './session.ts';

const byName = <const T extends readonly string[]>(names: T) => v.object(v.entriesFromList(names, v.number()));

/** `GET …/metrics`: what a site's pool counted since `since`, and how it stands now. */
export const SiteMetrics = v.object({
  at: Timestamp,
  /** When counting began: from then on counters only grow. */
  since: Timestamp,
  leases: v.object({
    /** New assignments by kind. */
    made: byName(BindingKind.options),
    renewed: v.number(),
    /** Answers without a number of its own for the visit, by reason. */
    without: byName(FallbackReason.options),
    earlyReissues: v.number(),
  }),
  /** Leases and events, by what admission made of them (docs/operate.md). */
  admission: v.object({
    /** Stored, and answered in full. */
    served: v.number(),
    /** Answered without anything of them being stored, by why. */
    unstored: byName(['address', 'block', 'visitor', 'holds', 'renewals', 'site']),
    /** Refused with 429 before they reached the pool. */
    refused: v.number(),
  }),
  /** Sizes of the databases: of this site's pool, and of all sites' ledger where that last answered. */
  storage: v.object({ poolBytes: v.number(), ledgerBytes: v.nullable(v.number()) }),
  telClicks: v.number(),
  /** Calls that reached each status. */
  calls: byName(CallStatus.options),
  /** Webhooks by carrier. */
  webhooks: v.array(
    v.object({
      carrier: CarrierName,
      accepted: v.number(),
      /** Refused: not proved to be the carrier's. */
      badSignature: v.number(),
      /** Refused: the site has no secret of this carrier. */
      unconfigured: v.number(),
      acceptedAt: v.nullable(Timestamp),
      refusedAt: v.nullable(Timestamp),
    }),
  ),
  /** Numbers now. */
  numbers: v.object({
    total: v.number(),
    free: v.number(),
    leased: v.number(),
    cooling: v.number(),
    draining: v.number(),
  }),
  /** Changes that the ledger has not confirmed yet: changes of one turn are one. */
  outbox: v.object({
    waiting: v.number(),
    /** The wait of the oldest; 0 if none waits. */
    seconds: v.number(),
    /** Changes that the ledger refuses, each by itself: set aside, and tried again every night. */
    refused: v.number(),
  }),
  /** Changes of calls that the conversions have not dealt with yet. */
  callNews: v.object({ waiting: v.number() }),
  /** Messages to destinations, of the last 24 h; null while the ledger is away. */
  deliveries: v.nullable(
    v.array(
      v.object({
        integration: v.string(),
        kind: v.nullable(IntegrationKind),
        state: DeliveryState,
        count: v.number(),
        /** Seconds that the oldest pending delivery is overdue; 0 if none is. */
        overdueSeconds: v.number(),
      }),
    ),
  ),
  /** Those that last now. */
  alerts: v.array(Alert),
});
export type SiteMetrics = v.InferOutput<typeof SiteMetrics>;
