import googleLibrary from 'google-libphonenumber';
import { expect, it } from 'vitest';
import { EMERGENCY_NUMBERS } from '../packages/edge/src/phones/emergency-numbers.ts';

const { PhoneNumberUtil, ShortNumberInfo } = googleLibrary;
const library = PhoneNumberUtil.getInstance();
const short = ShortNumberInfo.getInstance();

const digits = (from: number, to: number, length: number) =>
  Array.from({ length: to - from }, (_, i) => String(from + i).padStart(length, '0'));
/** All of two and three digits, and those of four that begin with 1; nearly none has another form. */
const dialled = [...digits(0, 100, 2), ...digits(0, 1000, 3), ...digits(1000, 2000, 4)];

/** Known everywhere, or more often a second line than an emergency. */
const isLeftOut = (number: string) => ['112', '911'].includes(number) || (number[0] === '0' && number !== '000');
/** In the numbering plan of North America these are for emergencies on single islands, and elsewhere are not. */
const OF_ISLANDS = ['110', '119', '211', '311', '333', '511', '919', '990'];

it('are those of Google’s short-number metadata, by country code', { timeout: 60_000 }, () => {
  const known = new Map<string, Set<string>>();
  for (const region of library.getSupportedRegions()) {
    const code = String(library.getCountryCodeForRegion(region));
    const ofCode = known.get(code) ?? new Set();
    known.set(code, ofCode);
    const written = (EMERGENCY_NUMBERS[code] ?? '').split(' ').filter((number) => /^\d{4}$/.test(number));
    for (const number of [...dialled, ...written]) if (short.isEmergencyNumber(number, region)) ofCode.add(number);
  }
  expect(known.size).toBeGreaterThan(200);
  for (const code of new Set([...known.keys(), ...Object.keys(EMERGENCY_NUMBERS)])) {
    const theirs = [...(known.get(code) ?? [])].filter(
      (number) => !isLeftOut(number) && !(code === '1' && OF_ISLANDS.includes(number)),
    );
    const ours = (EMERGENCY_NUMBERS[code] ?? '').split(' ').filter(Boolean);
    const pattern = new RegExp(`^(?:${ours.join('|')})$`);
    const written = [...dialled, ...ours.filter((number) => /^\d{4}$/.test(number))];
    expect([...new Set(written.filter((number) => pattern.test(number)))].sort(), `+${code}`).toEqual(theirs.sort());
  }
});
