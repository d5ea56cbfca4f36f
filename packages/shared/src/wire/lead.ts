import * as v from 'valibot';
import { Worth } from './amount.ts';
import { Call } from './call.ts';
import { Form } from './form.ts';
import { Paging } from './list.ts';
import type { Operation } from './operation.ts';
import { Day, Timestamp } from './primitives.ts';
import { coded } from './problem.ts';

/** How far a lead has come. */
export const LeadStage = v.picklist(
  ['new', 'qualified', 'booked', 'won', 'lost'],
  'must be one of new, qualified, booked, won, lost',
);
export type LeadStage = v.InferOutput<typeof LeadStage>;

const text = v.nullable(v.string());

/** What a lead counts as: under the site's model the touch with most credit. */
export const LeadTouch = v.object({
  source: text,
  medium: text,
  campaign: text,
  term: text,
  content: text,
  channel: v.string(),
  /** Null where the touch is a number's. */
  landingPage: text,
});
export type LeadTouch = v.InferOutput<typeof LeadTouch>;

/** When a lead entered a stage, and by what: its contact, a person, or an outcome that was uploaded. */
export const LeadStageFact = v.object({
  stage: LeadStage,
  at: Timestamp,
  by: v.picklist(['call', 'form', 'person', 'outcome']),
});
export type LeadStageFact = v.InferOutput<typeof LeadStageFact>;

/** One person's interest: their calls and forms until it is won, lost or quiet for `leads.reopenDays`. */
export const Lead = v.object({
  id: v.string(),
  /** E.164; a keyed hash, `h_…`, where the site keeps its callers hashed. */
  phone: text,
  email: text,
  name: text,
  note: text,
  stage: LeadStage,
  /** In the site's currency. */
  value: v.nullable(v.number()),
  currency: v.string(),
  firstContactAt: Timestamp,
  lastContactAt: Timestamp,
  calls: v.number(),
  forms: v.number(),
  /** The last call was not answered, and nobody called back. */
  missed: v.boolean(),
  /** Who deals with it, as the site calls them. */
  assignee: text,
  reviewed: v.boolean(),
  /** Null where nothing is known of where the lead came from. */
  touch: v.nullable(LeadTouch),
  visitor: text,
  /** In order of time. */
  stages: v.array(LeadStageFact),
});
export type Lead = v.InferOutput<typeof Lead>;

/** One call or form of a lead, with what `GET …/calls` or `GET …/forms` says of it; null once that is no longer kept. */
export const LeadContact = v.object({
  type: v.picklist(['call', 'form']),
  id: v.string(),
  at: Timestamp,
  call: v.nullable(Call),
  form: v.nullable(Form),
});
export type LeadContact = v.InferOutput<typeof LeadContact>;

/** `GET …/leads/{id}`. */
export const LeadDetail = v.object({
  ...Lead.entries,
  /** Oldest first; the latest thousand. */
  contacts: v.array(LeadContact),
});
export type LeadDetail = v.InferOutput<typeof LeadDetail>;

const Bound = v.union(
  [Timestamp, Day],
  coded('invalid_time', 'must be an RFC 3339 time or a day such as 2026-11-24, in the years 1970 to 2999'),
);
const Flag = v.pipe(
  v.picklist(['true', 'false'], 'must be one of true, false'),
  v.transform((said) => said === 'true'),
);

/** `GET …/leads`: those whose first contact is the latest come first. */
export const LeadsQuery = v.object({
  ...Paging,
  /** First contact from this time or day on, in the site's time zone. */
  from: v.optional(Bound),
  /** First contact before this time, or on this day at the latest. */
  to: v.optional(Bound),
  stage: v.optional(LeadStage),
  channel: v.optional(v.string()),
  source: v.optional(v.string()),
  campaign: v.optional(v.string()),
  assignee: v.optional(v.string()),
  /** Part of its id, name, e-mail, note or telephone number. A page may then hold fewer leads than its limit. */
  search: v.optional(v.pipe(v.string(), v.maxLength(100, 'must be at most 100 characters long'))),
  missed: v.optional(Flag),
  reviewed: v.optional(Flag),
});
export type LeadsQuery = v.InferOutput<typeof LeadsQuery>;

/** Text that somebody entered; blank text is none. */
const entered = (most: number) =>
  v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        v.trim(),
        v.maxLength(most, `must be at most ${most} characters long`),
        v.transform((given) => given.toWellFormed() || null),
      ),
    ),
  );

/** `PATCH …/leads/{id}`. Fields left out stay as they are. */
export const LeadPatch = v.object({
  name: entered(200),
  email: v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        v.trim(),
        v.maxLength(320, 'must be at most 320 characters long'),
        v.regex(/^(?:[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]{2,})?$/, 'must be an e-mail address'),
        v.transform((given) => given.toLowerCase() || null),
      ),
    ),
  ),
  note: entered(5000),
  stage: v.optional(LeadStage),
  value: v.optional(v.nullable(Worth)),
  assignee: entered(200),
  reviewed: v.optional(v.boolean()),
});
export type LeadPatch = v.InferOutput<typeof LeadPatch>;
export type LeadPatchInput = v.InferInput<typeof LeadPatch>;

export const leadOperations = {
  listLeads: {
    method: 'GET',
    path: '/v1/sites/{site}/leads',
    summary: 'List leads, latest first contact first. Send Accept: text/csv for CSV',
    access: 'read',
    alsoAccess: 'calls',
    query: LeadsQuery,
    response: v.object({ items: v.array(Lead), cursor: v.nullable(v.string()) }),
    status: 200,
  },
  getLead: {
    method: 'GET',
    path: '/v1/sites/{site}/leads/{id}',
    summary: 'Get a lead with its calls and forms',
    access: 'read',
    alsoAccess: 'calls',
    response: LeadDetail,
    status: 200,
  },
  patchLead: {
    method: 'PATCH',
    path: '/v1/sites/{site}/leads/{id}',
    summary: 'Edit a lead: stage, value, note, name, e-mail, assignee, reviewed',
    access: 'calls',
    body: LeadPatch,
    response: Lead,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
