import { type Attribution, type Binding, type Call, type EpochMs, rfc3339, type Session } from '@dialmark/shared';
import { callTouch } from '../../calls/call-touch.ts';
import { bindingId } from '../leases/binding-id.ts';
import type { BindingRow, CallRow, SessionRow } from '../store/rows.ts';
import type { Attributing } from './attributing.ts';
import { type Decision, decide } from './decide.ts';

/** Rows as the API shows them. */

/** Returns who held a number at a moment, as the API gives it. */
export function attributionAt(pool: Attributing, number: string, at: EpochMs): Attribution {
  return expand(pool, decide(pool, number, at, null, null), number);
}

/** Returns a stored call as the API gives it. */
export function presentCall(pool: Attributing, row: CallRow): Call {
  return {
    id: row.id,
    carrier: row.carrier,
    from: row.from,
    to: row.to,
    target: row.target,
    startedAt: rfc3339(row.startedAt),
    status: row.status,
    durationSeconds: row.durationSeconds,
    value: row.value,
    firstTime: row.firstTime,
    spam: row.spam,
    test: row.test,
    // The ledger knows it.
    lead: null,
    attribution: expand(pool, row, row.to),
    ...row.details,
  };
}

function expand(pool: Attributing, decision: Decision, number: string | null): Attribution {
  const { store } = pool;
  const binding = decision.binding === null ? null : store.binding(decision.binding);
  const session = decision.session === null ? null : store.session(decision.session);
  const visitor = decision.visitor;
  return {
    match: decision.match,
    confidence: decision.confidence,
    binding: binding && briefBinding(presentBinding(binding)),
    session: session && presentSession(session),
    visitor: visitor === null ? null : { id: visitor, sessions: store.sessions.countOfVisitor(visitor) },
    touch: callTouch(decision.counted, number, session),
    candidates: decision.candidates,
  };
}

export function presentBinding(row: BindingRow): Binding {
  return {
    id: bindingId(row.seq),
    number: row.number,
    target: row.target,
    kind: row.kind,
    session: row.session,
    visitor: row.visitor,
    startedAt: rfc3339(row.startedAt),
    endedAt: row.expiresAt > Date.now() ? null : rfc3339(row.expiresAt),
    expiresAt: rfc3339(row.expiresAt),
    telClickAt: rfc3339(row.telClickAt),
  };
}

/** Returns the taps on links to call in a visit, oldest first. */
export function telClicksOf(pool: Attributing, session: SessionRow): { number: string; at: string }[] {
  return pool.store.bindings
    .ofSession(session)
    .flatMap(({ number, telClickAt }) => (telClickAt === null ? [] : [{ number, at: rfc3339(telClickAt) }]))
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

function briefBinding({ id, number, kind, startedAt, endedAt }: Binding): NonNullable<Attribution['binding']> {
  return { id, number, kind, startedAt, endedAt };
}

export function presentSession(row: SessionRow): Session {
  return {
    id: row.id,
    startedAt: rfc3339(row.startedAt),
    landingPage: row.landingPage,
    referrer: row.referrer,
    source: row.source,
    medium: row.medium,
    campaign: row.campaign,
    term: row.term,
    content: row.content,
    channel: row.channel,
    clickIds: row.clickIds,
    pages: row.pages,
  };
}
