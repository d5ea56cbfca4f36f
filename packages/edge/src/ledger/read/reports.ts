import {
  type CompareQuery,
  type Comparison,
  type Dimension,
  FILTERS,
  type Filter,
  probabilityBetter,
  type Report,
  type ReportMetrics,
  type ReportQuery,
  type ReportRow,
  type Site,
  wilson,
} from '@dialmark/shared';
import type { LedgerCore } from '../core.ts';
import { before, daysIn, type Period } from './period.ts';
import { ask, NOTHING, nothing, type Question, type Sums } from './report-sums.ts';

/** Rows by time keep their order, the others stand by weight. */
const IN_TIME: ReadonlySet<Dimension> = new Set(['hour', 'day']);

/** In a report on more days it is counted only where that is asked for how many visits called: it takes longer than all else. */
const INTERVAL_DAYS = 92;

/** A report by a dimension; with `compare`, each row also as it was in the period just before. */
export function report(core: LedgerCore, site: Site, dimension: Dimension, query: ReportQuery, period: Period): Report {
  const question = questionOf(site, dimension, query, query.intervals ?? daysIn(period) <= INTERVAL_DAYS);
  const periods = query.compare === 'previous' ? [period, before(period)] : [period];
  const [now, then] = ask(core, question, periods);
  const sums = now as Map<string, Sums>;
  const order = IN_TIME.has(dimension) ? byKey : byWeight;
  const keys = [...new Set([...sums.keys(), ...(then?.keys() ?? [])])].sort(
    (a, b) => order(sums.get(a), sums.get(b)) || (a < b ? -1 : 1),
  );
  const shown = keys.length > query.limit ? keys.slice(0, query.limit - 1) : keys;
  const rest = keys.slice(shown.length);
  const row = (key: string, of: readonly string[]): ReportRow => ({
    key,
    ...metrics(total(sums, of, question)),
    ...(then ? { previous: metrics(total(then, of, question)) } : {}),
  });
  const { key: _, ...totals } = row('', keys);
  return {
    dimension,
    model: question.model,
    ...period,
    rows: [...shown.map((key) => row(key, [key])), ...(rest.length > 0 ? [row('(other)', rest)] : [])],
    totals,
  };
}

/** Two keys against each other, and how likely the first is the better one. */
export function compare(core: LedgerCore, site: Site, query: CompareQuery, period: Period): Comparison {
  const question = questionOf(site, query.dimension, query, true);
  const [sums] = ask(core, question, [period]);
  const [a, b] = [query.a, query.b].map((key) => total(sums as Map<string, Sums>, [key], question)) as [Sums, Sums];
  const counts = ({ callingVisits, visits }: Sums) => ({ successes: callingVisits ?? 0, trials: visits });
  return {
    dimension: query.dimension,
    model: question.model,
    ...period,
    a: { key: query.a, ...metrics(a) },
    b: { key: query.b, ...metrics(b) },
    probabilityBetter: tidy(probabilityBetter(counts(a), counts(b))),
  };
}

function questionOf(
  site: Site,
  dimension: Dimension,
  query: Pick<ReportQuery, 'model' | 'spam' | 'qualifiedSeconds' | Filter>,
  intervals: boolean,
): Question {
  return {
    dimension,
    model: query.model ?? site.attribution.model,
    filters: FILTERS.flatMap((name) => {
      const key = query[name];
      // A plus that nobody escaped arrives as a space.
      return key === undefined ? [] : [[name, name === 'number' ? key.replace(/^ /, '+') : key] as const];
    }),
    spam: query.spam,
    qualifiedSeconds: query.qualifiedSeconds ?? site.values.qualifiedSeconds,
    qualifiedValue: site.values.qualifiedCall ?? 0,
    intervals,
  };
}

function total(sums: Map<string, Sums>, keys: readonly string[], question: Question): Sums {
  const all = nothing(question);
  for (const key of keys) {
    const one = sums.get(key);
    if (!one) continue;
    for (const name of Object.keys(NOTHING) as (keyof typeof NOTHING)[]) all[name] += one[name];
    all.visits += one.visits;
    if (all.callingVisits !== null) all.callingVisits += one.callingVisits ?? 0;
    if (all.cost !== null) all.cost += one.cost ?? 0;
  }
  return all;
}

function metrics({ visits, callingVisits, cost, leads, qualifiedLeads, won, wonValue, ...calls }: Sums): ReportMetrics {
  // Without a count of the visits that called, each call counts as one.
  const interval = visits > 0 ? wilson(callingVisits ?? Math.min(calls.calls, visits), visits) : null;
  const per = (count: number) => (cost !== null && count > 0 ? tidy(cost / count) : null);
  const returnOn = (value: number) => (cost !== null && cost > 0 ? tidy((value - cost) / cost) : null);
  return {
    visits,
    calls: tidy(calls.calls),
    answered: tidy(calls.answered),
    missed: tidy(calls.missed),
    firstTimeCalls: tidy(calls.firstTimeCalls),
    qualified: tidy(calls.qualified),
    value: tidy(calls.value),
    cost: cost === null ? null : tidy(cost),
    costPerCall: per(calls.calls),
    costPerFirstTimeCall: per(calls.firstTimeCalls),
    roi: returnOn(calls.value),
    leads: tidy(leads),
    qualifiedLeads: tidy(qualifiedLeads),
    won: tidy(won),
    wonValue: tidy(wonValue),
    costPerLead: per(leads),
    costPerWon: per(won),
    wonRoi: returnOn(wonValue),
    callRate: visits > 0 ? tidy(calls.calls / visits) : null,
    callRateLow: interval && tidy(interval.low),
    callRateHigh: interval && tidy(interval.high),
    callingVisits: callingVisits === null ? null : tidy(callingVisits),
  };
}

/** Six decimals: what is left of sums of thirds and sixths beyond them is noise. */
function tidy(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function byWeight(a: Sums | undefined, b: Sums | undefined): number {
  return (
    (b?.calls ?? 0) - (a?.calls ?? 0) ||
    (b?.leads ?? 0) - (a?.leads ?? 0) ||
    (b?.visits ?? 0) - (a?.visits ?? 0) ||
    (b?.cost ?? 0) - (a?.cost ?? 0)
  );
}

function byKey(): number {
  return 0;
}
