import * as v from 'valibot';
import { OpaqueId, PageAddress, TargetId } from './primitives.ts';

/**
 * Query of `<amp-call-tracking config="…">`; AMP fills `CLIENT_ID(dialmark)`, `SOURCE_URL` and `DOCUMENT_REFERRER` in
 * (https://amp.dev/documentation/components/amp-call-tracking/).
 */
export const AmpQuery = v.object({
  /** Default: the site's first target. */
  target: v.optional(TargetId),
  /** Stands for the visitor and the visit; without one the page keeps its printed number. */
  clientId: v.optional(OpaqueId),
  url: v.optional(PageAddress),
  referrer: v.optional(PageAddress),
  /** AMP's own: the origin of the page that the AMP cache shows. */
  __amp_source_origin: v.optional(v.string()),
});

export const AmpAnswer = v.object({
  /** Number that the link dials. */
  phoneNumber: v.string(),
  /** Text of the link. */
  formattedPhoneNumber: v.string(),
});
