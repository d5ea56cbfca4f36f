import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bounds,
  boundsOf,
  type Counted,
  holdsAllowed,
  judgeClient,
  judgeVisit,
  renewalsAllowed,
} from './decide.ts';

const count = fc.nat(1_000_000);
const counts = fc.record<Counted>({ address: count, block: count, visitor: count, siteHour: count, siteDay: count });
const days = fc.array(fc.record({ peak: count, total: count }), { maxLength: 14 });
const shards = fc.integer({ min: 1, max: 32 });
const each = fc.integer({ min: 1, max: 10_000 });

describe('a visit', () => {
  it('is let in exactly where everything counted is below its bound', () => {
    fc.assert(
      fc.property(counts, counts, (counted, bounds) => {
        const isBelow = (Object.keys(bounds) as (keyof Bounds)[]).every((key) => counted[key] < bounds[key]);
        expect(judgeVisit(counted, bounds) === null).toBe(isBelow);
      }),
    );
  });

  it('is refused for its own address before it is for the site', () => {
    fc.assert(
      fc.property(counts, counts, (counted, bounds) => {
        const client = judgeClient(counted, bounds);
        fc.pre(client !== null);
        expect(judgeVisit({ ...counted, siteHour: 1e9, siteDay: 1e9 }, bounds)).toBe(client);
      }),
    );
  });

  it('is refused no less for more that was counted', () => {
    fc.assert(
      fc.property(
        counts,
        counts,
        fc.constantFrom<keyof Counted>('address', 'block', 'visitor', 'siteHour', 'siteDay'),
        (counted, bounds, key) => {
          fc.pre(judgeVisit(counted, bounds) !== null);
          expect(judgeVisit({ ...counted, [key]: counted[key] + 1 }, bounds)).not.toBeNull();
        },
      ),
    );
  });
});

describe('the bounds of a shard', () => {
  it('make up what the site sets', () => {
    fc.assert(
      fc.property(each, fc.integer({ min: 1, max: 1_000_000 }), shards, days, (perAddress, set, of, before) => {
        const bounds = boundsOf({ newLeasesPerAddressPerHour: perAddress, newVisitsPerHour: set }, of, before);
        expect(bounds.siteHour * of).toBeGreaterThanOrEqual(set);
        expect(bounds.siteHour * of).toBeLessThan(set + of);
        expect(bounds.siteDay).toBe(Number.POSITIVE_INFINITY);
        expect(bounds).toMatchObject({ address: perAddress, visitor: perAddress, block: perAddress * 10 });
      }),
    );
  });

  it('leave a new site 30,000 visits an hour and 100,000 a day', () => {
    expect(boundsOf({ newLeasesPerAddressPerHour: 60 }, 1, [])).toMatchObject({ siteHour: 30_000, siteDay: 100_000 });
    expect(boundsOf({ newLeasesPerAddressPerHour: 60 }, 4, [])).toMatchObject({ siteHour: 7500, siteDay: 25_000 });
  });

  it('are ten times what is usual on a busy site', () => {
    const busy = Array(14).fill({ peak: 20_000, total: 200_000 });
    expect(boundsOf({ newLeasesPerAddressPerHour: 60 }, 1, busy)).toMatchObject({ siteHour: 200_000, siteDay: 2e6 });
  });

  it('are not moved by attacks on fewer than half of the days', () => {
    const ordinary = fc.array(fc.record({ peak: fc.nat(9000), total: fc.nat(50_000) }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(ordinary, fc.nat(7), (usual, attacked) => {
        const attacks = Array(Math.min(attacked, usual.length - 1)).fill({ peak: 1e9, total: 1e9 });
        const { siteHour, siteDay } = boundsOf({ newLeasesPerAddressPerHour: 60 }, 1, [...usual, ...attacks]);
        expect(siteHour).toBeLessThanOrEqual(Math.max(30_000, 10 * Math.max(...usual.map(({ peak }) => peak))));
        expect(siteDay).toBeLessThanOrEqual(Math.max(100_000, 10 * Math.max(...usual.map(({ total }) => total))));
      }),
    );
  });
});

describe('what an address may hold', () => {
  it('is the greater of three and a fifth of the numbers', () => {
    fc.assert(
      fc.property(fc.nat(10_000), (numbers) => {
        expect(holdsAllowed('address', numbers, 1)).toBe(Math.max(3, Math.floor(numbers / 5)));
      }),
    );
  });

  it('is at least one number, grows with the pool, and is no more than that of its /48', () => {
    fc.assert(
      fc.property(fc.nat(10_000), shards, (numbers, of) => {
        const allowed = holdsAllowed('address', numbers, of);
        expect(allowed).toBeGreaterThanOrEqual(1);
        expect(holdsAllowed('address', numbers + 1, of)).toBeGreaterThanOrEqual(allowed);
        expect(holdsAllowed('block', numbers, of)).toBeGreaterThanOrEqual(allowed);
      }),
    );
  });

  it('may be renewed as often as its visits need', () => {
    // A visit renews three times a lease, and at each page.
    expect(renewalsAllowed({ newLeasesPerAddressPerHour: 60 })).toBeGreaterThanOrEqual(60 * 40);
  });
});
