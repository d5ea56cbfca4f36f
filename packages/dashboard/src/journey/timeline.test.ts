import type { Call, SessionDetail, VisitorDetail } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { timeline } from './timeline.ts';

const call = (id: string, startedAt: string) => ({ id, startedAt }) as Call;
const visit = (id: string, startedAt: string, pages: string[], taps: string[] = []) =>
  ({
    id,
    startedAt,
    calls: [],
    telClicks: taps.map((at) => ({ number: '+14155550132', at })),
    pageViews: pages.map((at) => ({ url: `https://acme.example/${id}`, at })),
  }) as unknown as SessionDetail;

describe('timeline', () => {
  const now = call('now', '2026-11-24T12:00:00.000Z');

  it('puts visits, their pages and all calls in order, a visit before its own first page', () => {
    const journey = {
      sessions: [
        visit('first', '2026-11-20T09:00:00.000Z', ['2026-11-20T09:00:00.000Z', '2026-11-20T09:01:00.000Z']),
        visit('second', '2026-11-24T11:59:00.000Z', ['2026-11-24T11:59:00.000Z']),
      ],
      calls: [call('before', '2026-11-20T09:00:30.000Z'), now],
    } as unknown as VisitorDetail;
    expect(
      timeline(now, journey, 'UTC').map((moment) => (moment.kind === 'call' ? moment.call.id : moment.kind)),
    ).toEqual(['visit', 'page', 'before', 'page', 'visit', 'page', 'now']);
  });

  it('puts a tap on the number before the call it led to, also within one second', () => {
    const tapped = visit('tapped', '2026-11-24T11:59:00.000Z', ['2026-11-24T12:00:00.000Z'], [now.startedAt]);
    expect(timeline(now, tapped, 'UTC').map(({ kind }) => kind)).toEqual(['visit', 'page', 'tap', 'call']);
  });

  it('is the one visit where the visitor is not known', () => {
    expect(timeline(now, visit('only', '2026-11-24T11:00:00Z', []), 'UTC').map(({ kind }) => kind)).toEqual([
      'visit',
      'call',
    ]);
  });

  it('is the call alone where nothing else is known', () => {
    expect(timeline(now, null, 'UTC')).toEqual([{ kind: 'call', at: now.startedAt, call: now, beginsDay: true }]);
  });

  it("says where a day begins, in the site's time zone", () => {
    const late = visit('late', '2026-11-24T03:59:00.000Z', ['2026-11-24T03:59:00.000Z', '2026-11-24T05:01:00.000Z']);
    const begins = (zone: string) => timeline(now, late, zone).map(({ beginsDay }) => beginsDay);
    expect(begins('UTC')).toEqual([true, false, false, false]);
    expect(begins('America/New_York')).toEqual([true, false, true, false]);
  });
});
