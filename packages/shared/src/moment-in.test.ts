import { expect, it } from 'vitest';
import { momentIn, zonedTime } from './zone.ts';

it.each([
  ['2026-11-24T16:30:00', 'America/New_York', '2026-11-24T21:30:00.000Z'],
  ['2026-07-24T16:30:00', 'America/New_York', '2026-07-24T20:30:00.000Z'],
  ['2026-07-24T16:30:00', 'UTC', '2026-07-24T16:30:00.000Z'],
  // Left out by summer time, and come twice at its end.
  ['2026-03-08T02:30:00', 'America/New_York', '2026-03-08T07:30:00.000Z'],
  ['2026-11-01T01:30:00', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  ['2026-01-01T00:00:00', 'Asia/Kathmandu', '2025-12-31T18:15:00.000Z'],
])('%s in %s is %s', (time, zone, at) => {
  expect(new Date(momentIn(time, zone)).toISOString()).toBe(at);
});

it('is what a clock there shows', () => {
  for (let hour = 0; hour < 24 * 14; hour++) {
    const time = new Date(Date.UTC(2026, 9, 20, hour)).toISOString().slice(0, 19);
    for (const zone of ['Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns']) {
      expect(zonedTime(momentIn(time, zone), zone)).toBe(time);
    }
  }
});
