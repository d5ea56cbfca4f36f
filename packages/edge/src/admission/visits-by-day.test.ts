import { DAY, type EpochMs, HOUR } from '@dialmark/shared';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_VISITS, visitsAt, withVisit } from './visits-by-day.ts';

const START = Date.UTC(2026, 10, 24, 12);
/** Moments in order: seconds, hours, and now and then days apart. */
const moments = fc
  .array(fc.oneof(fc.nat(60_000), fc.nat(3 * HOUR), fc.nat(3 * DAY)), { maxLength: 200 })
  .map((steps) => steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step, START) as EpochMs));

it('counts as one does who has a list of all visits', () => {
  fc.assert(
    fc.property(moments, fc.nat(2 * DAY), (visits, later) => {
      const now = ((visits.at(-1) ?? START) + later) as EpochMs;
      const kept = visitsAt(visits.reduce(withVisit, NO_VISITS), now);
      const dayOf = (at: number) => Math.floor(at / DAY);
      const hourOf = (at: number) => Math.floor(at / HOUR);
      expect(kept.inHour).toBe(visits.filter((at) => hourOf(at) === hourOf(now)).length);
      expect(kept.inDay).toBe(visits.filter((at) => dayOf(at) === dayOf(now)).length);
      const past = Map.groupBy(
        visits.filter((at) => dayOf(at) < dayOf(now)),
        dayOf,
      );
      const days = [...past.values()].map((ofDay) => ({
        peak: Math.max(...[...Map.groupBy(ofDay, hourOf).values()].map(({ length }) => length)),
        total: ofDay.length,
      }));
      expect(kept.before).toEqual(days.slice(-14));
    }),
  );
});

it('changes nothing by being looked at', () => {
  fc.assert(
    fc.property(moments, (visits) => {
      const looked = visits.reduce((kept, at) => withVisit(visitsAt(kept, at), at), NO_VISITS);
      expect(looked).toEqual(visits.reduce(withVisit, NO_VISITS));
    }),
  );
});
