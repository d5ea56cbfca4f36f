import * as v from 'valibot';
import type { Operation } from './operation.ts';
import { PageAddress } from './primitives.ts';

/** A page of the site as it is served to everyone, before any script ran. */
export const ServedPage = v.object({
  /** The final URL: redirects within the site are followed. */
  url: v.string(),
  /** Null if nothing answered. */
  status: v.nullable(v.number()),
  /** Why there is no page. */
  error: v.nullable(v.string()),
  /** At most the first two million bytes; null if what came is no HTML. */
  html: v.nullable(v.string()),
  /** The `Content-Security-Policy` header. */
  contentSecurityPolicy: v.nullable(v.string()),
});
export type ServedPage = v.InferOutput<typeof ServedPage>;

export const pageOperations = {
  readPage: {
    method: 'GET',
    path: '/v1/sites/{site}/page',
    summary: "Fetch one of the site's pages, to check which numbers would be swapped",
    access: 'read',
    query: v.object({ url: PageAddress }),
    response: ServedPage,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
