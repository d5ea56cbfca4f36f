import { type AlertType, type EpochMs, HOUR, MINUTE } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { findingsOf, type Measurements, USUAL } from './alert-findings.ts';

const now = 1_800_000_000_000 as EpochMs;
const well: Measurements = {
  now,
  exhausted: { thisHour: 0, lastHour: 0 },
  silentSince: now,
  hasCalls: true,
  expectedCalls: 0,
  behindMs: 0,
};
const found = (watched: Partial<Measurements>, ...lasting: AlertType[]) => [
  ...findingsOf({ ...well, ...watched }, USUAL, new Set(lasting)).keys(),
];

describe('findings', () => {
  it('are none where all is well', () => {
    expect(found({})).toEqual([]);
  });

  it('name a pool that turned so many visits away within the hour', () => {
    expect(found({ exhausted: { thisHour: 4, lastHour: 0 } })).toEqual([]);
    expect(found({ exhausted: { thisHour: 5, lastHour: 0 } })).toEqual(['alert.pool_exhausted']);
  });

  it('last until an hour has passed without another', () => {
    expect(found({ exhausted: { thisHour: 0, lastHour: 1 } })).toEqual([]);
    expect(found({ exhausted: { thisHour: 0, lastHour: 1 } }, 'alert.pool_exhausted')).toEqual([
      'alert.pool_exhausted',
    ]);
    expect(found({}, 'alert.pool_exhausted')).toEqual([]);
  });

  it('name a carrier that says nothing while calls are to be expected, and not one of a quiet site', () => {
    const silentSince = (now - 6 * HOUR) as EpochMs;
    expect(found({ silentSince, expectedCalls: 7 })).toEqual(['alert.carrier_silent']);
    expect(found({ silentSince, expectedCalls: 2 })).toEqual([]);
    expect(found({ silentSince: (now - HOUR) as EpochMs, expectedCalls: 50 })).toEqual([]);
  });

  it('take more to name a carrier that was never heard of', () => {
    const silent = { silentSince: (now - 48 * HOUR) as EpochMs, hasCalls: false };
    expect(found({ ...silent, expectedCalls: 29 })).toEqual([]);
    expect(found({ ...silent, expectedCalls: 30 })).toEqual(['alert.carrier_silent']);
  });

  it('name a ledger that is behind, until it has nearly caught up', () => {
    expect(found({ bytes: { pool: 6.9e9, ledger: 6.9e9 } })).toEqual([]);
    expect(found({ bytes: { pool: 7e9, ledger: 1e9 } })).toEqual(['alert.database_size']);
    expect(found({ bytes: { pool: 1e9, ledger: 7e9 } })).toEqual(['alert.database_size']);
    expect(found({ bytes: { pool: 6.5e9, ledger: 0 } }, 'alert.database_size')).toEqual(['alert.database_size']);
    expect(found({ bytes: { pool: 6.2e9, ledger: 0 } }, 'alert.database_size')).toEqual([]);
    expect(found({ behindMs: 4 * MINUTE })).toEqual([]);
    expect(found({ behindMs: 5 * MINUTE })).toEqual(['alert.ledger_behind']);
    expect(found({ behindMs: 3 * MINUTE }, 'alert.ledger_behind')).toEqual(['alert.ledger_behind']);
    expect(found({ behindMs: 2 * MINUTE }, 'alert.ledger_behind')).toEqual([]);
  });
});
