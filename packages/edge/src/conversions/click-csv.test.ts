import type { EpochMs } from '@dialmark/shared';
import { expect, it } from 'vitest';
import { googleClickCsv, microsoftClickCsv } from './click-csv.ts';

const at = (text: string) => Date.parse(text) as EpochMs;
const rows = [
  { click: 'gclid', clickId: 'Cj0KCQ-abc_1', at: at('2026-05-08T18:00:00.900Z'), value: 412 },
  { click: 'gclid', clickId: 'EAIaIQ', at: at('2026-11-24T02:03:04Z'), value: null },
];

it("is Google's layout, with times in the site's zone across daylight saving", () => {
  expect(googleClickCsv(rows, { conversion: 'Phone call', currency: 'USD', timeZone: 'America/New_York' })).toBe(
    [
      'Parameters:TimeZone=America/New_York',
      'Google Click ID,GBRAID,WBRAID,Conversion Name,Conversion Time,Conversion Value,Conversion Currency',
      'Cj0KCQ-abc_1,,,Phone call,2026-05-08 14:00:00,412.00,USD',
      'EAIaIQ,,,Phone call,2026-11-23 21:03:04,,',
      '',
    ].join('\r\n'),
  );
});

it("is Microsoft's layout, with times in UTC", () => {
  expect(microsoftClickCsv(rows, { conversion: 'Calls, "all"', currency: 'USD' })).toBe(
    [
      'Parameters:TimeZone=+0000',
      'Microsoft Click Id,Conversion Name,Conversion Time,Conversion Value,Conversion Currency',
      'Cj0KCQ-abc_1,"Calls, ""all""",5/8/2026 6:00:00 PM,412.00,USD',
      'EAIaIQ,"Calls, ""all""",11/24/2026 2:03:04 AM,,',
      '',
    ].join('\r\n'),
  );
});

it('writes noon and midnight as Americans do', () => {
  const times = ['2026-01-02T00:00:00Z', '2026-01-02T12:00:00Z'].map((text) => ({
    click: 'msclkid',
    clickId: 'x',
    at: at(text),
    value: null,
  }));
  const csv = microsoftClickCsv(times, { conversion: 'c', currency: 'USD' });
  expect(csv.match(/1\/2\/2026 [^,]+/g)).toEqual(['1/2/2026 12:00:00 AM', '1/2/2026 12:00:00 PM']);
});

it("names each of Google's click ids in its own column, one in a row", () => {
  const clicks = ['wbraid', 'gclid', 'gbraid'].map((click) => ({
    click,
    clickId: `${click}-1`,
    at: at('2026-11-24T12:00:00Z'),
    value: null,
  }));
  const [, , ...lines] = googleClickCsv(clicks, { conversion: 'c', currency: 'EUR', timeZone: 'UTC' }).split('\r\n');
  expect(lines.map((line) => line.split(',').slice(0, 3))).toEqual([
    ['', '', 'wbraid-1'],
    ['gclid-1', '', ''],
    ['', 'gbraid-1', ''],
    [''],
  ]);
});
