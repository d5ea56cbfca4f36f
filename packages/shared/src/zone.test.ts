import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, type EpochMs, HOUR } from './time.ts';
import { dayOf, hourOf, startOfDay, zonedTime } from './zone.ts';

const at = (time: string) => Date.parse(time) as EpochMs;

describe('a day in a time zone', () => {
  it('is as long as its clocks make it', () => {
    const hours = (day: string, next: string, zone: string) => (startOfDay(next, zone) - startOfDay(day, zone)) / HOUR;
    expect(hours('2026-11-01', '2026-11-02', 'America/New_York')).toBe(25);
    expect(hours('2026-03-08', '2026-03-09', 'America/New_York')).toBe(23);
    expect(hours('2026-04-05', '2026-04-06', 'Australia/Lord_Howe')).toBe(24.5);
    expect(hours('2026-11-24', '2026-11-25', 'UTC')).toBe(24);
  });

  it('begins at the first moment there is where midnight is skipped', () => {
    // São Paulo set its clocks from 24:00 to 01:00.
    expect(startOfDay('2018-11-04', 'America/Sao_Paulo')).toBe(at('2018-11-04T03:00:00Z'));
    expect(zonedTime(at('2018-11-04T03:00:00Z'), 'America/Sao_Paulo')).toBe('2018-11-04T01:00:00');
  });

  it('begins at the first midnight where there are two', () => {
    // Palestine set its clocks from 01:00 to 00:00.
    expect(startOfDay('2018-10-27', 'Asia/Hebron')).toBe(at('2018-10-26T21:00:00Z'));
    expect(startOfDay('2018-10-28', 'Asia/Hebron')).toBe(at('2018-10-27T22:00:00Z'));
  });

  it('that a zone leaves out altogether begins where the next one does', () => {
    // Samoa went from the 29th to the 31st of December 2011.
    expect(startOfDay('2011-12-30', 'Pacific/Apia')).toBe(startOfDay('2011-12-31', 'Pacific/Apia'));
  });

  it('holds its first moment and not the one before, in any zone, on any day', () => {
    const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
    const day = fc
      .integer({ min: at('2012-01-01T00:00:00Z') / DAY, max: at('2037-12-31T00:00:00Z') / DAY })
      .map((days) => new Date(days * DAY).toISOString().slice(0, 10));
    fc.assert(
      fc.property(zone, day, (timeZone, today) => {
        const start = startOfDay(today, timeZone);
        expect(dayOf(start, timeZone)).toBe(today);
        expect(dayOf((start - 1) as EpochMs, timeZone) < today).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads the hour as the clock on the wall shows it, twice where it is set back', () => {
    expect(hourOf(at('2026-11-01T05:30:00Z'), 'America/New_York')).toBe('01');
    expect(hourOf(at('2026-11-01T06:30:00Z'), 'America/New_York')).toBe('01');
    expect(hourOf(at('2026-11-24T18:45:00Z'), 'Asia/Kathmandu')).toBe('00');
  });
});
