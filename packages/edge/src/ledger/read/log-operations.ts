import type {
  Binding,
  BindingsQuery,
  Call,
  CallsQuery,
  DataTable,
  EpochMs,
  FieldError,
  Form,
  FormsQuery,
  ListPage,
  SessionDetail,
  Site,
  SqlQuery,
  SqlResult,
} from '@dialmark/shared';
import type { Part } from '../../platform/cursor.ts';
import type { LedgerCore } from '../core.ts';
import { type DataPage, readTable } from './data.ts';
import { type DaySlice, type Place, readDay } from './day-rows.ts';
import { findForm, listForms } from './forms.ts';
import { callsWhere, listBindings, listCalls } from './lists.ts';
import { type PastBindings, pastBindings } from './past-bindings.ts';
import { query } from './sql.ts';
import { findSession, findVisitor, type KnownVisitor } from './visits.ts';

/** The log: sessions, bindings and calls, row by row. */
export class LogOperations {
  readonly #core: LedgerCore;

  constructor(core: LedgerCore) {
    this.#core = core;
  }

  /** Returns calls, latest first; null for a cursor that is not ours. @param named numbers whose name is searched for */
  calls(site: Site, query: CallsQuery, named: readonly string[]): ListPage<Call> | null {
    return listCalls(this.#core, site, query, named);
  }

  call(id: string): Call | null {
    return callsWhere(this.#core, 'id', id, { after: null, limit: 1 })[0] ?? null;
  }

  /** Returns bindings, latest first; null for a cursor that is not ours. */
  bindings(query: BindingsQuery): ListPage<Binding> | null {
    return listBindings(this.#core, query, Date.now());
  }

  /** Returns forms, latest first; null for a cursor that is not ours. */
  forms(site: Site, query: FormsQuery): ListPage<Form> | null {
    return listForms(this.#core, site, query);
  }

  form(id: string): Form | null {
    return findForm(this.#core, id);
  }

  session(id: string): SessionDetail | null {
    return findSession(this.#core, id);
  }

  visitor(id: string, part: Part): KnownVisitor {
    return findVisitor(this.#core, id, part);
  }

  /** Returns rows of a table; null for a cursor that is not ours. */
  table(table: DataTable, page: { limit: number; cursor?: string | undefined }): DataPage | null {
    return readTable(this.#core, table, page);
  }

  /** Returns rows of a table and day, from a place on. */
  day(table: DataTable, day: string, after: Place | null, limit: number): DaySlice {
    return readDay(this.#core, table, day, after, limit);
  }

  /** Runs a statement for people. @returns what it found, or what is wrong with it */
  query(statement: SqlQuery): SqlResult | FieldError {
    return query(this.#core, statement);
  }

  /** Returns who held a number up to a moment: for pools that have let go of their log of it. */
  pastBindings(number: string, at: EpochMs): PastBindings {
    return pastBindings(this.#core, number, at);
  }
}
