import { type EpochMs, zonedTime } from '@dialmark/shared';
import { quoted } from '../platform/csv-write.ts';

/** A call that came from an ad click, as ad platforms import it. */
export interface ClickConversion {
  /** The parameter that the click id came in: `gclid`. */
  click: string;
  clickId: string;
  at: EpochMs;
  value: number | null;
}

interface Header {
  conversion: string;
  currency: string;
}

/** The columns of Google's template for click ids, by parameter. A row that fills more than one of them is rejected. */
const GOOGLE_CLICKS = { gclid: 'Google Click ID', gbraid: 'GBRAID', wbraid: 'WBRAID' };

/**
 * Google Ads' layout for uploaded and pulled click conversions (https://support.google.com/google-ads/answer/7014069):
 * times in the zone that the first line names. Google drops what it has already by click, name and time.
 */
export function googleClickCsv(
  rows: Iterable<ClickConversion>,
  { conversion, currency, timeZone }: Header & { timeZone: string },
): string {
  const lines = [...rows].map(({ click, clickId, at, value }) => [
    ...Object.keys(GOOGLE_CLICKS).map((name) => (name === click ? clickId : '')),
    conversion,
    zonedTime(at, timeZone).replace('T', ' '),
    ...worth(value, currency),
  ]);
  const header = [...Object.values(GOOGLE_CLICKS), ...CONVERSION];
  return text([[`Parameters:TimeZone=${timeZone}`], header, ...lines]);
}

/** Microsoft Advertising's layout of the same; times in UTC, as `4/1/2020 6:50:54 PM`. */
export function microsoftClickCsv(rows: Iterable<ClickConversion>, { conversion, currency }: Header): string {
  const lines = [...rows].map(({ clickId, at, value }) => [
    clickId,
    conversion,
    americanTime(at),
    ...worth(value, currency),
  ]);
  return text([['Parameters:TimeZone=+0000'], ['Microsoft Click Id', ...CONVERSION], ...lines]);
}

const CONVERSION = ['Conversion Name', 'Conversion Time', 'Conversion Value', 'Conversion Currency'];

function worth(value: number | null, currency: string): [value: string, currency: string] {
  return value === null ? ['', ''] : [value.toFixed(2), currency];
}

function americanTime(at: EpochMs): string {
  const date = new Date(at);
  const hour = date.getUTCHours();
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
  return `${day} ${hour % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`;
}

/** Values that the platform issued must go back to it unchanged. */
function text(lines: readonly string[][]): string {
  return lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}
