import * as v from 'valibot';
import { ListOf, Name, SiteId, Timestamp } from './primitives.ts';

/** `admin` can do everything, `read` can read, `calls` can report and read calls, `sql` can query the ledger by SQL. */
export const Scope = v.picklist(['admin', 'read', 'calls', 'sql']);
export type Scope = v.InferOutput<typeof Scope>;

/** `POST /v1/tokens`. */
export const NewToken = v.object({
  name: v.optional(v.nullable(Name), null),
  scopes: ListOf(Scope, 10, 1),
  /** Null or left out: every site. */
  site: v.optional(v.nullable(SiteId), null),
});
export type NewToken = v.InferOutput<typeof NewToken>;

/** A token as listed. Its secret is shown only once, by `POST`. */
export const Token = v.object({
  id: v.string(),
  name: v.nullable(v.string()),
  scopes: v.array(Scope),
  site: v.nullable(v.string()),
  createdAt: Timestamp,
});
export type Token = v.InferOutput<typeof Token>;

export const CreatedToken = v.object({ ...Token.entries, token: v.string() });
