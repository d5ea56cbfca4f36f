import * as v from 'valibot';
import type { Operation } from './operation.ts';
import { PageAddress } from './primitives.ts';
import { Touch } from './session.ts';

/** `GET …/classify`: a landing page's address and its referrer, as a browser would give them. */
export const ClassifyQuery = v.object({ url: PageAddress, referrer: v.optional(PageAddress) });

/** A classified touch, and the rule that matched. */
export const ClassifiedTouch = v.object({
  ...Touch.entries,
  /** E.g. `utm tags: Paid Search`, `click id gclid: Paid Search`, `referrer google.com: Organic Search`, `direct`. */
  rule: v.string(),
});
export type ClassifiedTouch = v.InferOutput<typeof ClassifiedTouch>;

export const classifyOperations = {
  classify: {
    method: 'GET',
    path: '/v1/sites/{site}/classify',
    summary: 'Classify a touch: source, medium, campaign, channel and the rule that matched',
    access: 'read',
    query: ClassifyQuery,
    response: ClassifiedTouch,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
