import * as v from 'valibot';
import { Paging } from './list.ts';
import type { Operation } from './operation.ts';
import { Day, OpaqueId, PageAddress, Timestamp } from './primitives.ts';
import { coded } from './problem.ts';
import { Touch } from './session.ts';

/** Parts of a form that a site keeps: nothing, that they were sent, or also who sent them. */
export const FormsMode = v.picklist(['off', 'count', 'contact'], 'must be one of off, count, contact');
export type FormsMode = v.InferOutput<typeof FormsMode>;

/** Text of a form; blank text is none. */
const text = (most: number) =>
  v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        v.trim(),
        v.maxLength(most),
        v.transform((given) => given || null),
      ),
    ),
    null,
  );

/** The form that was sent. */
export const FormSent = v.object({
  id: text(200),
  name: text(200),
  /** Address it is submitted to: `/contact`. */
  action: text(2048),
});
export type FormSent = v.InferOutput<typeof FormSent>;

/** The sender. */
export const FormContact = v.object({
  email: text(320),
  /** In any notation of the site's country, or international. What is no telephone number is not kept. */
  phone: text(100),
  name: text(200),
});
export type FormContact = v.InferOutput<typeof FormContact>;

/** The page a form was on. */
const FormPage = v.object({
  url: PageAddress,
  referrer: v.optional(v.nullable(PageAddress), null),
  title: v.optional(v.nullable(v.pipe(v.string(), v.maxLength(1000))), null),
});

/** `POST …/forms`: idempotent by `id`; a later report of the same form adds or replaces what it names. */
export const FormReport = v.object({
  id: OpaqueId,
  /** Left out: now. */
  at: v.optional(v.nullable(Timestamp), null),
  session: v.optional(v.nullable(OpaqueId), null),
  visitor: v.optional(v.nullable(OpaqueId), null),
  form: v.optional(v.nullable(FormSent), null),
  contact: v.optional(v.nullable(FormContact), null),
  page: v.optional(v.nullable(FormPage), null),
});
export type FormReport = v.InferOutput<typeof FormReport>;
export type FormReportInput = v.InferInput<typeof FormReport>;

/** A form that was sent. */
export const Form = v.object({
  id: v.string(),
  at: Timestamp,
  session: v.nullable(v.string()),
  visitor: v.nullable(v.string()),
  form: FormSent,
  /** Null where the site keeps none, or nothing was found. */
  contact: v.nullable(
    v.object({
      email: v.nullable(v.string()),
      /** E.164; a keyed hash, `h_…`, where the site keeps its callers hashed. */
      phone: v.nullable(v.string()),
      name: v.nullable(v.string()),
    }),
  ),
  /** Page facts; null of forms reported without one. */
  page: v.nullable(v.object({ url: v.string(), referrer: v.nullable(v.string()), title: v.nullable(v.string()) })),
  /** Source of the visit; null where the site knows of no such visit. */
  touch: v.nullable(v.object({ ...v.omit(Touch, ['clickIds']).entries, landingPage: v.nullable(v.string()) })),
});
export type Form = v.InferOutput<typeof Form>;

const Bound = v.union(
  [Timestamp, Day],
  coded('invalid_time', 'must be an RFC 3339 time or a day such as 2026-11-24, in the years 1970 to 2999'),
);

/** `GET …/forms`: latest first. */
export const FormsQuery = v.object({
  ...Paging,
  from: v.optional(Bound),
  to: v.optional(Bound),
  session: v.optional(v.string()),
  visitor: v.optional(v.string()),
});
export type FormsQuery = v.InferOutput<typeof FormsQuery>;

export const formOperations = {
  reportForm: {
    method: 'POST',
    path: '/v1/sites/{site}/forms',
    summary: 'Report a form that was sent. Idempotent by id',
    access: 'calls',
    body: FormReport,
    response: Form,
    status: 200,
  },
  listForms: {
    method: 'GET',
    path: '/v1/sites/{site}/forms',
    summary: 'List forms that were sent, latest first. Send Accept: text/csv for CSV',
    access: 'read',
    alsoAccess: 'calls',
    query: FormsQuery,
    response: v.object({ items: v.array(Form), cursor: v.nullable(v.string()) }),
    status: 200,
  },
  eraseEmail: {
    method: 'DELETE',
    path: '/v1/sites/{site}/emails/{email}',
    summary: 'Erase an email address. Forms sent with it are kept without a contact',
    access: 'admin',
    response: null,
    status: 204,
  },
} as const satisfies Record<string, Operation>;
