import * as v from 'valibot';
import { Timestamp } from './primitives.ts';
import { coded } from './problem.ts';

/** A whole number in a query. */
export const QueryInteger = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/, coded('not_an_integer', 'must be a whole number')),
    v.transform(Number),
    v.minValue(min),
    v.maxValue(max),
  );

/** Paging of every list: `?limit=&cursor=`. */
export const Paging = {
  limit: v.optional(QueryInteger(1, 1000), '100'),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(500))),
};
export const ListQuery = v.object(Paging);

/** `GET …/bindings`. `from` and `to` bound the start: `from` included, `to` not. */
export const BindingsQuery = v.object({
  ...Paging,
  number: v.optional(v.string()),
  session: v.optional(v.string()),
  visitor: v.optional(v.string()),
  from: v.optional(Timestamp),
  to: v.optional(Timestamp),
});
export type BindingsQuery = v.InferOutput<typeof BindingsQuery>;

/** A page of a list; `cursor` is null on the last one. */
export const Page = <T extends v.GenericSchema>(item: T) =>
  v.object({ items: v.array(item), cursor: v.nullable(v.string()) });
export type Page<T> = { items: T[]; cursor: string | null };
