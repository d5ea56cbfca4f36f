import { type Call, dayOf, type EpochMs, type SessionDetail, type VisitorDetail } from '@dialmark/shared';

type Visit = Pick<
  VisitorDetail['sessions'][number],
  | 'id'
  | 'startedAt'
  | 'landingPage'
  | 'referrer'
  | 'source'
  | 'medium'
  | 'campaign'
  | 'term'
  | 'content'
  | 'channel'
  | 'clickIds'
> & { device?: string | null; country?: string | null };

/** One thing that happened, in the order it happened. */
export type Moment = { at: string } & (
  | { kind: 'visit'; visit: Visit }
  | { kind: 'page'; url: string }
  | { kind: 'tap'; number: string }
  | { kind: 'call'; call: Call }
);

/** A moment, and whether it is the first of its day in the line. */
export type DatedMoment = Moment & { beginsDay: boolean };

/** A visit begins before the pages seen in it; a tap on the number comes before the call that it led to. */
const ORDER = { visit: 0, page: 1, tap: 2, call: 3 };

/**
 * Returns the events of a journey, oldest first. The call itself is always among them.
 *
 * @param timeZone whose days they are
 */
export function timeline(call: Call, journey: VisitorDetail | SessionDetail | null, timeZone: string): DatedMoment[] {
  const sessions = journey ? ('sessions' in journey ? journey.sessions : [journey]) : [];
  const calls = new Map((journey?.calls ?? []).map((each) => [each.id, each]));
  calls.set(call.id, call);
  const moments: Moment[] = [
    ...sessions.map((visit) => ({ kind: 'visit' as const, at: visit.startedAt, visit })),
    ...sessions.flatMap(({ pageViews }) => pageViews.map(({ url, at }) => ({ kind: 'page' as const, at, url }))),
    ...sessions.flatMap(({ telClicks }) => telClicks.map(({ number, at }) => ({ kind: 'tap' as const, at, number }))),
    ...[...calls.values()].map((each) => ({ kind: 'call' as const, at: each.startedAt, call: each })),
  ];
  moments.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || ORDER[a.kind] - ORDER[b.kind]);
  let day = '';
  return moments.map((moment) => {
    const before = day;
    day = dayOf(Date.parse(moment.at) as EpochMs, timeZone);
    return { ...moment, beginsDay: day !== before };
  });
}
