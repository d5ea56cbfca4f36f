import { describe, expect, it } from 'vitest';
import { stretches } from './period.ts';

const DAY = 86_400_000;
const days = (from: string, to: string) =>
  Array.from({ length: (Date.parse(to) - Date.parse(from)) / DAY + 1 }, (_, i) =>
    new Date(Date.parse(from) + i * DAY).toISOString().slice(0, 10),
  );
/** Every day and month of three years, as they stand in the table. */
const all = days('2024-01-01', '2026-12-31');
const rows = [...all, ...new Set(all.map((day) => `m${day.slice(0, 7)}`))];

/** The days that the rows of these stretches stand for. */
function covered(from: string, to: string): string[] {
  const within = rows.filter((row) => stretches({ from, to }).some(([first, last]) => row >= first && row <= last));
  return within
    .flatMap((row) => (row.startsWith('m') ? all.filter((day) => day.startsWith(row.slice(1))) : [row]))
    .sort();
}

describe('the stretches of a period', () => {
  it('are whole months where there are any', () => {
    expect(stretches({ from: '2025-01-01', to: '2025-12-31' })).toEqual([['m2025-01', 'm2025-12']]);
    expect(stretches({ from: '2024-02-01', to: '2024-02-29' })).toEqual([['m2024-02', 'm2024-02']]);
    expect(stretches({ from: '2025-11-02', to: '2025-11-30' })).toEqual([['2025-11-02', '2025-11-30']]);
  });

  it('cover each day of the period once, and no other', () => {
    const ends = [
      '2024-01-01',
      '2024-01-31',
      '2024-02-01',
      '2024-02-28',
      '2024-02-29',
      '2024-12-31',
      '2025-01-01',
      '2025-02-28',
      '2025-03-15',
      '2025-04-30',
      '2026-12-31',
    ];
    for (const from of ends) {
      for (const to of ends.filter((end) => end >= from)) expect(covered(from, to)).toEqual(days(from, to));
    }
  });
});
