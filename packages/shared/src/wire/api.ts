import * as v from 'valibot';
import { AmpAnswer, AmpQuery } from './amp.ts';
import { Attribution, Call, CallHintKind, CallPatch, CallReport, CallStatus, Match } from './call.ts';
import { carrierOperations } from './carrier.ts';
import { classifyOperations } from './classify.ts';
import { costOperations } from './cost.ts';
import { dataOperations } from './data.ts';
import { EventRequest } from './event.ts';
import { formOperations } from './form.ts';
import { integrationOperations } from './integration-operations.ts';
import { leadOperations } from './lead.ts';
import { LeaseRequest, LeaseResponse } from './lease.ts';
import { BindingsQuery, ListQuery, Page, Paging } from './list.ts';
import { monitoringOperations } from './monitoring-operations.ts';
import { NewNumbers, NewNumbersQuery, NumberPatch, NumberRecounted, NumbersAdded, TrackingNumber } from './number.ts';
import type { Operation } from './operation.ts';
import { outcomeOperations } from './outcome.ts';
import { pageOperations } from './page.ts';
import { PoolHistory, PoolHistoryQuery, PoolSizing, PoolState, SizingQuery } from './pool.ts';
import { Day, Timestamp } from './primitives.ts';
import { coded } from './problem.ts';
import { reportOperations } from './report.ts';
import { Binding, PageView, Session, TelClick } from './session.ts';
import { Model, Site, SiteConfig } from './site.ts';
import { CreatedToken, NewToken, Token } from './token.ts';
import { visitorOperations } from './visitor.ts';

/** `GET …/attribution`: which visit was showing this number at `at`, by default now. */
export const AttributionQuery = v.object({ number: v.string(), at: v.optional(Timestamp) });

/** A moment to bound a list by: an RFC 3339 time, or a day in the site's time zone (`to` included). */
const Bound = v.union(
  [Timestamp, Day],
  coded('invalid_time', 'must be an RFC 3339 time or a day such as 2026-11-24, in the years 1970 to 2999'),
);

export const CallsQuery = v.object({
  ...Paging,
  from: v.optional(Bound),
  to: v.optional(Bound),
  source: v.optional(v.string()),
  medium: v.optional(v.string()),
  campaign: v.optional(v.string()),
  channel: v.optional(v.string()),
  /** As a report by it has it: the path. An extension of version 1, as `term` (the keyword) is. */
  landing_page: v.optional(v.string()),
  term: v.optional(v.string()),
  /**
   * Channel, source, medium, campaign, term and landing page are then those of the visits that this model gives credit
   * for the call, `(none)` and `(unattributed)` included, as in a report; left out: of the visit that called. An
   * extension of version 1.
   */
  model: v.optional(v.picklist(Model.options, `must be one of ${Model.options.join(', ')}`)),
  /**
   * Part of the call's id, its tags, the caller's or the dialed number, or of the visit's channel, source, medium,
   * campaign, term, ad, landing page or referrer. A page may then hold fewer calls than its limit although more follow:
   * `cursor` says so. An extension of version 1.
   */
  search: v.optional(v.pipe(v.string(), v.maxLength(100, 'must be at most 100 characters long'))),
  target: v.optional(v.string()),
  number: v.optional(v.string()),
  caller: v.optional(v.string()),
  status: v.optional(CallStatus),
  match: v.optional(Match),
  hint: v.optional(CallHintKind),
  minDuration: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,7}$/, coded('not_an_integer', 'must be a whole number of seconds')),
      v.transform(Number),
    ),
  ),
  spam: v.optional(
    v.pipe(
      v.picklist(['true', 'false']),
      v.transform((text) => text === 'true'),
    ),
  ),
  /** Test calls are left out unless they are asked for. */
  test: v.optional(v.picklist(['exclude', 'include', 'only'], 'must be one of exclude, include, only'), 'exclude'),
});
export type CallsQuery = v.InferOutput<typeof CallsQuery>;

/** One visit with everything known of it; of bindings and calls the first thousand. */
export const SessionDetail = v.object({
  ...Session.entries,
  visitor: v.nullable(v.string()),
  touch: v.object({ url: v.nullable(v.string()), referrer: v.nullable(v.string()) }),
  bindings: v.array(Binding),
  pageViews: v.array(PageView),
  telClicks: v.array(TelClick),
  calls: v.array(Call),
});
export type SessionDetail = v.InferOutput<typeof SessionDetail>;

/**
 * Every operation of the API, once: the Worker serves these, the client calls them, and OpenAPI and the docs are written
 * from them.
 */
export const api = {
  listSites: {
    method: 'GET',
    path: '/v1/sites',
    summary: 'List sites',
    access: 'read',
    query: ListQuery,
    response: Page(Site),
    status: 200,
  },
  putSite: {
    method: 'PUT',
    path: '/v1/sites/{site}',
    summary: 'Create a site or replace its configuration',
    access: 'admin',
    body: SiteConfig,
    response: Site,
    status: 200,
  },
  getSite: {
    method: 'GET',
    path: '/v1/sites/{site}',
    summary: "Get a site's configuration",
    access: 'read',
    response: Site,
    status: 200,
  },
  deleteSite: {
    method: 'DELETE',
    path: '/v1/sites/{site}',
    summary: 'Delete a site and all its data',
    access: 'admin',
    response: null,
    status: 204,
  },
  addNumbers: {
    method: 'POST',
    path: '/v1/sites/{site}/numbers',
    summary: 'Add up to 10,000 tracking numbers as JSON or CSV. Invalid rows are returned with reasons',
    access: 'admin',
    query: NewNumbersQuery,
    body: NewNumbers,
    csv: true,
    response: NumbersAdded,
    status: 200,
  },
  listNumbers: {
    method: 'GET',
    path: '/v1/sites/{site}/numbers',
    summary: 'List tracking numbers with their current state',
    access: 'read',
    query: ListQuery,
    response: Page(TrackingNumber),
    status: 200,
  },
  patchNumber: {
    method: 'PATCH',
    path: '/v1/sites/{site}/numbers/{number}',
    summary: 'Update a number: drain, retire, reactivate, rename it or change its rule',
    access: 'admin',
    body: NumberPatch,
    response: TrackingNumber,
    status: 200,
  },
  recountNumber: {
    method: 'POST',
    path: '/v1/sites/{site}/numbers/{number}/recount',
    summary: 'Recount earlier calls to a source number by its current source',
    access: 'admin',
    response: NumberRecounted,
    status: 200,
  },
  deleteNumber: {
    method: 'DELETE',
    path: '/v1/sites/{site}/numbers/{number}',
    summary: 'Retire a number. Its history is kept',
    access: 'admin',
    response: null,
    status: 204,
  },
  pool: {
    method: 'GET',
    path: '/v1/sites/{site}/pool',
    summary: 'Get pool usage now, and visits without a number in the last 24 hours',
    access: 'read',
    response: PoolState,
    status: 200,
  },
  poolSizing: {
    method: 'GET',
    path: '/v1/sites/{site}/pool/sizing',
    summary: 'Get the recommended pool size, calculated from the site’s own traffic (Erlang B)',
    access: 'read',
    query: SizingQuery,
    response: PoolSizing,
    status: 200,
  },
  poolHistory: {
    method: 'GET',
    path: '/v1/sites/{site}/pool/history',
    summary: 'Get pool usage by hour',
    access: 'read',
    query: PoolHistoryQuery,
    response: PoolHistory,
    status: 200,
  },
  ...carrierOperations,
  lease: {
    method: 'POST',
    path: '/v1/sites/{site}/lease',
    summary: 'Assign a number for each target',
    access: 'public',
    body: LeaseRequest,
    response: LeaseResponse,
    status: 200,
  },
  event: {
    method: 'POST',
    path: '/v1/sites/{site}/events',
    summary: 'Record an event of a visit and renew its numbers',
    access: 'public',
    body: EventRequest,
    response: null,
    status: 204,
  },
  amp: {
    method: 'GET',
    path: '/v1/sites/{site}/amp',
    summary: 'Get a number for amp-call-tracking',
    access: 'public',
    query: AmpQuery,
    response: AmpAnswer,
    status: 200,
  },
  attribution: {
    method: 'GET',
    path: '/v1/sites/{site}/attribution',
    summary: 'Find the visit that was showing a number at a moment',
    access: 'read',
    query: AttributionQuery,
    response: Attribution,
    status: 200,
  },
  reportCall: {
    method: 'POST',
    path: '/v1/sites/{site}/calls',
    summary: 'Report a call and get its attribution. Idempotent by id',
    access: 'calls',
    body: CallReport,
    response: Call,
    status: 200,
  },
  listCalls: {
    method: 'GET',
    path: '/v1/sites/{site}/calls',
    summary: 'List calls, latest first. Send Accept: text/csv for CSV',
    access: 'read',
    alsoAccess: 'calls',
    query: CallsQuery,
    response: Page(Call),
    status: 200,
  },
  getCall: {
    method: 'GET',
    path: '/v1/sites/{site}/calls/{id}',
    summary: 'Get a call',
    access: 'read',
    alsoAccess: 'calls',
    response: Call,
    status: 200,
  },
  patchCall: {
    method: 'PATCH',
    path: '/v1/sites/{site}/calls/{id}',
    summary: 'Edit a call: spam, value, tags',
    access: 'calls',
    body: CallPatch,
    response: Call,
    status: 200,
  },
  deleteCall: {
    method: 'DELETE',
    path: '/v1/sites/{site}/calls/{id}',
    summary: 'Delete a test call',
    access: 'calls',
    response: null,
    status: 204,
  },
  listBindings: {
    method: 'GET',
    path: '/v1/sites/{site}/bindings',
    summary: 'List bindings (which session had which number), latest first',
    access: 'read',
    query: BindingsQuery,
    response: Page(Binding),
    status: 200,
  },
  getSession: {
    method: 'GET',
    path: '/v1/sites/{site}/sessions/{id}',
    summary: 'Get a visit',
    access: 'read',
    response: SessionDetail,
    status: 200,
  },
  ...formOperations,
  ...leadOperations,
  ...outcomeOperations,
  ...classifyOperations,
  ...pageOperations,
  ...visitorOperations,
  ...reportOperations,
  ...costOperations,
  ...dataOperations,
  ...integrationOperations,
  ...monitoringOperations,
  createToken: {
    method: 'POST',
    path: '/v1/tokens',
    summary: 'Create a token. Its secret is shown only once',
    access: 'admin',
    body: NewToken,
    response: CreatedToken,
    status: 201,
  },
  listTokens: {
    method: 'GET',
    path: '/v1/tokens',
    summary: 'List tokens. Secrets are never shown',
    access: 'admin',
    query: ListQuery,
    response: Page(Token),
    status: 200,
  },
  deleteToken: {
    method: 'DELETE',
    path: '/v1/tokens/{id}',
    summary: 'Revoke a token immediately',
    access: 'admin',
    response: null,
    status: 204,
  },
} as const satisfies Record<string, Operation>;
export type Api = typeof api;
