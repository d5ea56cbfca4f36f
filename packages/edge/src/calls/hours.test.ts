import type { EpochMs } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { isOpen } from './hours.ts';

const at = (time: string) => Date.parse(time) as EpochMs;
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;
const office = { open: [{ days: [...weekdays], from: '09:00', to: '17:30' }], closedOn: ['2026-12-25'] };
const NY = 'America/New_York';

describe('opening hours', () => {
  it.each([
    ['a minute before opening', '2026-11-24T08:59:59-05:00', false],
    ['at opening', '2026-11-24T09:00:00-05:00', true],
    ['in the last second', '2026-11-24T17:29:59-05:00', true],
    ['at closing', '2026-11-24T17:30:00-05:00', false],
    ['on a Sunday', '2026-11-22T12:00:00-05:00', false],
    ['on a holiday', '2026-12-25T12:00:00-05:00', false],
  ])('%s', (_, time, open) => {
    expect(isOpen(office, at(time), NY)).toBe(open);
  });

  it('are those of the site’s zone, not of the server’s', () => {
    const friday8pmInTokyo = at('2026-11-27T20:00:00+09:00');
    expect(isOpen(office, friday8pmInTokyo, 'Asia/Tokyo')).toBe(false);
    expect(isOpen(office, friday8pmInTokyo, 'Europe/London')).toBe(true);
    // Saturday there already, Friday here still.
    expect(isOpen(office, at('2026-11-28T03:00:00+09:00'), 'Europe/London')).toBe(false);
    expect(isOpen(office, at('2026-11-28T03:00:00+09:00'), NY)).toBe(true);
  });

  it('open at nine by the wall clock on both sides of a clock change', () => {
    const everyDay = {
      open: [{ days: ['sat', 'sun', 'mon'] as ('sat' | 'sun' | 'mon')[], from: '09:00', to: '10:00' }],
      closedOn: [],
    };
    for (const [before, nine] of [
      ['2026-03-07T13:59:59Z', '2026-03-07T14:00:00Z'],
      ['2026-03-08T12:59:59Z', '2026-03-08T13:00:00Z'],
      ['2026-10-31T12:59:59Z', '2026-10-31T13:00:00Z'],
      ['2026-11-01T13:59:59Z', '2026-11-01T14:00:00Z'],
    ] as const) {
      expect([isOpen(everyDay, at(before), NY), isOpen(everyDay, at(nine), NY)]).toEqual([false, true]);
    }
  });

  it('count the hour that comes twice in autumn both times', () => {
    const night = { open: [{ days: ['sun'] as 'sun'[], from: '01:00', to: '02:00' }], closedOn: [] };
    const open = ['05:30', '06:30', '07:30'].map((time) => isOpen(night, at(`2026-11-01T${time}:00Z`), NY));
    expect(open).toEqual([true, true, false]);
  });

  it('run past midnight into a day that is not listed itself, but not out of a holiday', () => {
    const bar = {
      open: [{ days: ['fri', 'sat'] as ('fri' | 'sat')[], from: '20:00', to: '03:00' }],
      closedOn: ['2026-11-28'],
    };
    expect(isOpen(bar, at('2026-11-27T23:00:00-05:00'), NY)).toBe(true);
    expect(isOpen(bar, at('2026-11-28T02:59:00-05:00'), NY)).toBe(true);
    expect(isOpen(bar, at('2026-11-28T03:00:00-05:00'), NY)).toBe(false);
    expect(isOpen(bar, at('2026-11-28T23:00:00-05:00'), NY)).toBe(false);
    expect(isOpen(bar, at('2026-11-29T01:00:00-05:00'), NY)).toBe(false);
    expect(isOpen(bar, at('2026-11-22T02:00:00-05:00'), NY)).toBe(true);
  });

  it('last all day from 00:00 to 24:00, and from any time to the same time', () => {
    for (const hours of [
      { from: '00:00', to: '24:00' },
      { from: '00:00', to: '00:00' },
    ]) {
      const always = { open: [{ days: ['tue'] as 'tue'[], ...hours }], closedOn: [] };
      expect(isOpen(always, at('2026-11-24T00:00:00-05:00'), NY)).toBe(true);
      expect(isOpen(always, at('2026-11-24T23:59:59-05:00'), NY)).toBe(true);
      expect(isOpen(always, at('2026-11-25T00:00:00-05:00'), NY)).toBe(false);
    }
  });
});
