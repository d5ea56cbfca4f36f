import { describe, expect, it } from 'vitest';
import { readAmount, readDay } from './cells.ts';

describe('days of exports', () => {
  it.each([
    ['2026-11-24', '2026-11-24'],
    ['2026-1-4', '2026-01-04'],
    ['11/24/2026', '2026-11-24'],
    ['24.11.2026', '2026-11-24'],
    ['Nov 24, 2026', '2026-11-24'],
    ['November 4, 2026', '2026-11-04'],
    ['2026-11-24T00:00:00', '2026-11-24'],
  ])('reads %s', (text, day) => {
    expect(readDay(text)).toBe(day);
  });

  it.each(['', '2026-02-30', '24/11/2026', 'Nov 31, 2026', 'Foo 1, 2026', '2026-11-24 - 2026-11-30', 'yesterday'])(
    'refuses %j',
    (text) => {
      expect(readDay(text)).toBeNull();
    },
  );
});

describe('amounts of exports', () => {
  it.each([
    ['120.5', 120.5],
    ['1,234.56', 1234.56],
    ['1.234,56', 1234.56],
    ['1,234', 1234],
    ['1.234', 1.234],
    ['12,50', 12.5],
    ['12,5', 12.5],
    ['1,234,567', 1234567],
    ['$12', 12],
    ['US$1,200.00', 1200],
    ['USD 12.00', 12],
    ['12,50 €', 12.5],
    ["1'234.50", 1234.5],
    ['--', 0],
    ['0', 0],
    ['-3.5', -3.5],
  ])('reads %s', (text, amount) => {
    expect(readAmount(text)).toBe(amount);
  });

  it.each(['', 'free', '1.2.3.4x', 'NaN', 'Infinity', '1e999', '.'])('refuses %j', (text) => {
    expect(readAmount(text)).toBeNull();
  });
});
