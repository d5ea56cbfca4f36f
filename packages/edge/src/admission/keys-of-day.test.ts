import type { EpochMs } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { KEYS_A_DAY, KeysOfDay } from './keys-of-day.ts';

const NOON = Date.UTC(2026, 10, 24, 12) as EpochMs;
const MIDNIGHT = Date.UTC(2026, 10, 25) as EpochMs;
const numbered = () => new KeysOfDay((text) => Number(text.replace(/\D/g, '')));

describe('the values of a day', () => {
  it('are admitted up to so many; those that were go on being', () => {
    const keys = numbered();
    for (let i = 0; i < KEYS_A_DAY; i++) expect(keys.admits('campaign', `c${i}`, NOON)).toBe(true);
    expect(keys.admits('campaign', `c${KEYS_A_DAY}`, NOON)).toBe(false);
    expect(keys.admits('campaign', 'c0', NOON)).toBe(true);
    expect(keys.admits('campaign', `c${KEYS_A_DAY - 1}`, NOON)).toBe(true);
    expect(keys.admits('campaign', `c${KEYS_A_DAY}`, NOON)).toBe(false);
  });

  it('are counted for each dimension by itself, and again each day', () => {
    const keys = numbered();
    for (let i = 0; i <= KEYS_A_DAY; i++) keys.admits('campaign', `c${i}`, NOON);
    expect(keys.admits('term', 't1', NOON)).toBe(true);
    expect(keys.admits('campaign', 'c9999', (MIDNIGHT - 1) as EpochMs)).toBe(false);
    expect(keys.admits('campaign', 'c9999', MIDNIGHT)).toBe(true);
  });
});
