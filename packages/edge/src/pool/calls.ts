import {
  type Attribution,
  attribute,
  type Binding,
  type Call,
  type CallReport,
  type CallStatus,
  type E164,
  type EpochMs,
  rfc3339,
  type Session,
} from '@dialmark/shared';
import { bindingId, firstSeq } from './binding-id.ts';
import type { Leasing } from './leasing.ts';
import type { BindingRow, CallRow, NumberRow, SessionRow } from './store.ts';

/** The parts of a pool that answer "which visit was it?". */
export interface Attributing extends Pick<Leasing, 'site' | 'store' | 'outbox'> {
  readonly numbers: ReadonlyMap<E164, NumberRow>;
}

/** A decision as it is stored with a call: keys only. */
type Decision = Pick<CallRow, 'match' | 'confidence' | 'binding' | 'session' | 'visitor' | 'candidates'>;

const UNATTRIBUTED: Decision = {
  match: 'none',
  confidence: 0,
  binding: null,
  session: null,
  visitor: null,
  candidates: [],
};

/** Older holders than these are too unlikely to weigh. */
const HOLDERS_WEIGHED = 50;
/** A caller's earlier visits searched for one that held the dialled number. */
const VISITS_SEARCHED = 20;

const TERMINAL: ReadonlySet<CallStatus> = new Set(['completed', 'missed', 'busy', 'failed', 'voicemail']);

/**
 * Takes in a call, or what a later report of the same call adds: a terminal status stays, a known duration or value is
 * not lost to a null. A call that says anew when or where it was is attributed anew.
 */
export function reportCall(pool: Attributing, report: CallReport, carrier: string): CallRow {
  const { store } = pool;
  const known = store.call(report.id);
  const startedAt = Date.parse(report.startedAt) as EpochMs;
  const from = report.from ?? known?.from ?? null;
  const settled = known && TERMINAL.has(known.status) && !TERMINAL.has(report.status);
  const decision =
    known && known.to === report.to && known.startedAt === startedAt && known.from === from
      ? known
      : decide(pool, report.to, startedAt, from, report.id);
  const row: CallRow = {
    ...pick(decision),
    id: report.id,
    carrier: known?.carrier ?? carrier,
    from,
    to: report.to,
    target: targetOf(pool, report.to),
    startedAt,
    status: settled ? known.status : report.status,
    durationSeconds: report.durationSeconds ?? known?.durationSeconds ?? null,
    value: report.value ?? known?.value ?? null,
    firstTime: false,
    spam: known?.spam ?? false,
  };
  row.firstTime = settleFirstTime(pool, row);
  store.saveCall(row);
  pool.outbox.note({ kind: 'call', key: row.id });
  return row;
}

/** Who held a number at a moment, as the API gives it. */
export function attributionAt(pool: Attributing, number: string, at: EpochMs): Attribution {
  return expand(pool, decide(pool, number, at, null, null));
}

/** A stored call as the API gives it. */
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
    attribution: expand(pool, row),
  };
}

function decide(pool: Attributing, number: string, at: EpochMs, caller: string | null, call: string | null): Decision {
  const { store } = pool;
  const before = firstSeq((at + 1) as EpochMs);
  const callerVisitor = caller === null ? null : store.visitorOfCaller(caller, at, call);
  const holds = store.bindingsOf(number, before, HOLDERS_WEIGHED);
  if (callerVisitor !== null && !holds.some((hold) => hold.visitor === callerVisitor)) {
    const earlier = holdOfVisitor(pool, callerVisitor, number, before);
    if (earlier) holds.push(earlier);
  }

  const fixed = pool.numbers.get(number as E164)?.kind === 'source';
  // A source number stands for its rule, whoever dials it; only a visit that shows it right now is named.
  const weighed = fixed ? holds.filter((hold) => hold.expiresAt > at || hold.visitor === callerVisitor) : holds;
  const { match, confidence, chosen, candidates } = attribute(weighed, at, callerVisitor);
  if (!chosen) return fixed ? { ...UNATTRIBUTED, match: 'source', confidence: 1 } : UNATTRIBUTED;
  return {
    match: fixed && match !== 'caller' ? 'source' : match,
    confidence,
    binding: chosen.seq,
    session: chosen.session,
    visitor: chosen.visitor,
    candidates: candidates.map((other) => ({
      session: other.hold.session,
      visitor: other.hold.visitor,
      binding: bindingId(other.hold.seq),
      confidence: other.confidence,
    })),
  };
}

function holdOfVisitor(pool: Attributing, visitor: string, number: string, before: number): BindingRow | null {
  for (const visit of pool.store.sessionsOf(visitor, VISITS_SEARCHED)) {
    for (const seq of Object.values(visit.holds).flat()) {
      const binding = seq < before ? pool.store.binding(seq) : null;
      if (binding?.number === number) return binding;
    }
  }
  return null;
}

/** Whether this is the caller's first call; an earlier call that comes in late takes the mark from a later one. */
function settleFirstTime(pool: Attributing, row: CallRow): boolean {
  if (row.from === null) return false;
  const earliest = pool.store.firstCallOf(row.from, row.id);
  const first =
    earliest === null ||
    row.startedAt < earliest.startedAt ||
    (row.startedAt === earliest.startedAt && row.id < earliest.id);
  if (earliest && earliest.firstTime === first) {
    pool.store.saveCall({ ...earliest, firstTime: !first });
    pool.outbox.note({ kind: 'call', key: earliest.id });
  }
  return first;
}

function targetOf(pool: Attributing, number: E164): string | null {
  return pool.numbers.get(number)?.target ?? pool.site.targets.find((target) => target.number === number)?.id ?? null;
}

function pick({ match, confidence, binding, session, visitor, candidates }: Decision): Decision {
  return { match, confidence, binding, session, visitor, candidates };
}

function expand(pool: Attributing, decision: Decision): Attribution {
  const { store } = pool;
  const binding = decision.binding === null ? null : store.binding(decision.binding);
  const session = decision.session === null ? null : store.session(decision.session);
  const visitor = decision.visitor;
  return {
    match: decision.match,
    confidence: decision.confidence,
    binding: binding && briefBinding(presentBinding(binding)),
    session: session && presentSession(session),
    visitor: visitor === null ? null : { id: visitor, sessions: store.countSessionsOf(visitor) },
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
  };
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
