import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { homeOf, homesOf } from './layout.ts';

describe('homeOf', () => {
  it('spreads keys evenly', () => {
    const keys = Array.from({ length: 8000 }, (_, i) => `+1415${5_550_000 + i}`);
    for (const shard of [0, 1, 2, 3]) {
      expect(keys.filter((key) => homeOf(key, 4) === shard).length).toBeGreaterThan(1800);
    }
  });

  it('moves only what must move when a shard is added', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 31 }), (key, shards) => {
        const home = homeOf(key, shards + 1);
        expect([homeOf(key, shards), shards]).toContain(home);
      }),
    );
  });

  it('asks the old home first while numbers move', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 8 }),
        (key, shards, before) => {
          const homes = homesOf(key, { shards, before });
          expect(homes[0]).toBe(homeOf(key, before));
          expect(homes).toContain(homeOf(key, shards));
        },
      ),
    );
  });
});
