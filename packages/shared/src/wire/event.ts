import * as v from 'valibot';
import { FormContact, FormSent } from './form.ts';
import { Page } from './lease.ts';
import { CustomData, OpaqueId, TargetId } from './primitives.ts';

export const EventType = v.picklist(['pageview', 'heartbeat', 'tel_click', 'leave', 'consent', 'tag', 'form']);
export type EventType = v.InferOutput<typeof EventType>;

/** `POST /v1/sites/{site}/events`: answered 204. Every event renews the session's leases. */
export const EventRequest = v.object({
  type: EventType,
  session: OpaqueId,
  visitor: v.optional(v.nullable(OpaqueId), null),
  /** Target of a `tel_click`. */
  target: v.optional(v.nullable(TargetId)),
  page: v.optional(v.nullable(Page)),
  data: v.optional(v.nullable(CustomData)),
  /** Of a `form`: which one was sent, and who sent it where the site's `forms` says `contact`. */
  form: v.optional(v.nullable(FormSent)),
  contact: v.optional(v.nullable(FormContact)),
});
export type EventRequest = v.InferOutput<typeof EventRequest>;
export type EventRequestInput = v.InferInput<typeof EventRequest>;
