import type { EpochMs } from '@dialmark/shared';
import { SiteHabits } from '../attribution/habits.ts';
import type { PastBindings } from '../attribution/past-bindings.ts';
import { ChangeLog } from '../sync/change-log.ts';
import { type Change, Outbox } from '../sync/outbox.ts';
import { BindingTable } from './binding-table.ts';
import { CallEventTable } from './call-event-table.ts';
import { CallTable } from './call-table.ts';
import { type Forgotten, forgetCaller, forgetEmail, forgetOlder, forgetVisitor, letGo } from './erasure.ts';
import { FormTable } from './form-table.ts';
import { MovedCallTable } from './moved-calls.ts';
import { NumberTable } from './number-table.ts';
import { PressureTable } from './pressure-table.ts';
import type { BindingRow, CallRow, SessionRow } from './rows.ts';
import { ScriptTable } from './script-table.ts';
import { SessionTable } from './session-table.ts';
import { SiteTable } from './site-table.ts';

/**
 * A pool's tables. No rules here. Callers need not think of the ledger: whatever they change is noted in the outbox
 * with the change.
 */
export class PoolStore {
  readonly sites: SiteTable;
  readonly scripts: ScriptTable;
  readonly numbers: NumberTable;
  readonly bindings: BindingTable;
  readonly sessions: SessionTable;
  readonly calls: CallTable;
  readonly callEvents: CallEventTable;
  readonly forms: FormTable;
  readonly movedCalls: MovedCallTable;
  readonly pressure: PressureTable;
  readonly changes: ChangeLog;
  readonly outbox: Outbox;
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.changes = new ChangeLog(sql);
    this.outbox = new Outbox(sql);
    this.sites = new SiteTable(sql);
    this.scripts = new ScriptTable(sql);
    this.numbers = new NumberTable(sql);
    this.bindings = new BindingTable(sql, this.outbox);
    this.sessions = new SessionTable(sql, this.outbox);
    this.calls = new CallTable(sql, this.outbox, this.changes);
    this.callEvents = new CallEventTable(sql);
    this.forms = new FormTable(sql, this.outbox);
    this.movedCalls = new MovedCallTable(sql);
    this.pressure = new PressureTable(sql);
  }

  /** Reads from SQLite again: after a transaction that failed, or rows changed otherwise than through this class. */
  refresh(): void {
    this.sessions.refresh();
    this.bindings.refresh();
  }

  session(id: string): SessionRow | null {
    return this.sessions.get(id);
  }

  binding(seq: number): BindingRow | null {
    return this.bindings.get(seq);
  }

  call(id: string): CallRow | null {
    return this.calls.get(id);
  }

  /** Reads what the site's own calls have taught. */
  habits(): SiteHabits {
    return new SiteHabits(this.#sql);
  }

  /** Returns the latest sequence number of a binding or a session. */
  lastSeq(): number {
    const query =
      'SELECT max(coalesce((SELECT max(seq) FROM bindings), 0), coalesce((SELECT max(seq) FROM sessions), 0)) AS seq';
    return this.#sql.exec<{ seq: number }>(query).one().seq;
  }

  /** Takes back bindings and sessions that were let go; what is here already stays as it is. The ledger has them. */
  takeBack({ bindings, sessions }: PastBindings): void {
    for (const binding of bindings) if (!this.binding(binding.seq)) this.bindings.keep(binding);
    for (const session of sessions) {
      if (this.session(session.id)) continue;
      let { seq } = session;
      while (this.sessions.hasSeq(seq)) seq++;
      this.sessions.keep({ ...session, seq });
    }
  }

  /** Takes in bindings and sessions from another shard, which reports them to the ledger itself. May be repeated. */
  adopt(bindings: readonly BindingRow[], sessions: readonly SessionRow[]): void {
    for (const binding of bindings) this.bindings.keep(binding);
    for (const session of sessions) if (!this.session(session.id)) this.sessions.keep(session);
  }

  /** Forgets a visitor, here and, by way of the outbox, in the ledger. */
  forgetVisitor(visitor: string): void {
    this.#noteErasure({ kind: 'erasedVisitor', key: visitor }, forgetVisitor(this.#sql, visitor));
  }

  /** Forgets a caller, as `forgetVisitor`. */
  forgetCaller(caller: string): void {
    this.#noteErasure({ kind: 'erasedCaller', key: caller }, forgetCaller(this.#sql, caller));
  }

  /** Forgets an e-mail address, as `forgetVisitor`. */
  forgetEmail(email: string): void {
    this.#noteErasure({ kind: 'erasedEmail', key: email }, forgetEmail(this.#sql, email));
  }

  /** Removes a slice of what is older than the site keeps. @returns whether there may be more */
  forgetOlder(before: EpochMs, now: EpochMs): boolean {
    const more = forgetOlder(this.#sql, before, now) || this.forms.forgetBefore(before);
    this.refresh();
    return more;
  }

  /** Lets go of a slice of the log that the ledger has and no later call can need. @returns whether there may be more */
  letGo(before: EpochMs, now: EpochMs, after: number): number | null {
    const more = letGo(this.#sql, before, now, after);
    this.refresh();
    return more;
  }

  #noteErasure(erasure: Change, { untied, changed, forms }: Forgotten): void {
    // The ledger may not know yet whose calls they were, or may learn first that they are nobody's.
    for (const call of untied) this.outbox.note({ kind: 'erasedCall', key: call });
    for (const call of [...untied, ...changed]) this.outbox.note({ kind: 'call', key: call });
    for (const form of forms) this.outbox.note({ kind: 'form', key: form });
    this.outbox.note(erasure);
    // The keys of rows that the ledger refused may be theirs, too.
    this.outbox.takeUpAgain();
  }
}
