import * as v from 'valibot';
import { Call } from './call.ts';
import { Form } from './form.ts';
import { ListQuery, Paging, QueryInteger } from './list.ts';
import type { Operation } from './operation.ts';
import { Binding, PageView, Session, TelClick } from './session.ts';

/** One visit of a journey: how it began, and the pages it saw (the first 50). */
export const VisitorSession = v.object({
  ...Session.entries,
  touch: v.object({ url: v.nullable(v.string()), referrer: v.nullable(v.string()) }),
  device: v.nullable(v.string()),
  country: v.nullable(v.string()),
  tags: v.nullable(v.record(v.string(), v.unknown())),
  pageViews: v.array(PageView),
  telClicks: v.array(TelClick),
});
export type VisitorSession = v.InferOutput<typeof VisitorSession>;

/** A visitor's journey: each page has the next `limit` visits and calls, counted together, in the order they began. */
export const VisitorDetail = v.object({
  id: v.string(),
  /** Oldest first. */
  sessions: v.array(VisitorSession),
  /** Oldest first. */
  calls: v.array(Call),
  /** Other visitors taken for the same person: they called from the same number, or said to be the same user. */
  linked: v.array(v.string()),
  /** For `?cursor=`: there is more; null on the last page. */
  cursor: v.nullable(v.string()),
});
export type VisitorDetail = v.InferOutput<typeof VisitorDetail>;

/** All data about a visitor, to hand to them. A page's limit counts bindings and forms with visits and calls. */
export const VisitorExport = v.object({
  ...VisitorDetail.entries,
  /** Users they identified as: `tag({ userId })`. */
  users: v.array(v.string()),
  bindings: v.array(Binding),
  forms: v.array(Form),
});
export type VisitorExport = v.InferOutput<typeof VisitorExport>;

/** A person gets all of it, so pages are as long as lists allow. */
const ExportQuery = v.object({ ...Paging, limit: v.optional(QueryInteger(1, 1000), '1000') });

export const visitorOperations = {
  getVisitor: {
    method: 'GET',
    path: '/v1/sites/{site}/visitors/{id}',
    summary: "Get a visitor's journey: visits in order, with pages and calls",
    access: 'read',
    query: ListQuery,
    response: VisitorDetail,
    status: 200,
  },
  exportVisitor: {
    method: 'GET',
    path: '/v1/sites/{site}/visitors/{id}/export',
    summary: 'Export all data about a visitor',
    access: 'read',
    query: ExportQuery,
    response: VisitorExport,
    status: 200,
  },
  eraseVisitor: {
    method: 'DELETE',
    path: '/v1/sites/{site}/visitors/{id}',
    summary: 'Erase a visitor. Their calls are kept without the visitor',
    access: 'admin',
    response: null,
    status: 204,
  },
  eraseVisitorById: {
    method: 'DELETE',
    path: '/v1/sites/{site}/visitors',
    summary: 'Same as the operation with the id in the path, for ids that paths or proxies change',
    access: 'admin',
    query: v.object({ id: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)) }),
    response: null,
    status: 204,
  },
  eraseCaller: {
    method: 'DELETE',
    path: '/v1/sites/{site}/callers/{number}',
    summary: 'Erase a caller. Their calls are kept without number and visit',
    access: 'admin',
    response: null,
    status: 204,
  },
} as const satisfies Record<string, Operation>;
