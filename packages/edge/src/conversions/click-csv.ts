import { type EpochMs, zonedTime } from '@dialmark/shared';

/** A call that came by an ad click, as an ad platform is told of it. */
export interface ClickConversion {
  clickId: string;
  at: EpochMs;
  value: number | null;
}

interface Header {
  conversion: string;
  currency: string;
}

/**
 * Google Ads' layout for uploaded and pulled click conversions (https://support.google.com/google-ads/answer/7014069):
 * times in the zone that the first line names. Google drops what it has already by click, name and time.
 */
export function googleClickCsv(
  rows: Iterable<ClickConversion>,
  { conversion, currency, timeZone }: Header & { timeZone: string },
): string {
  const lines = [...rows].map(({ clickId, at, value }) => [
    clickId,
    conversion,
    zonedTime(at, timeZone).replace('T', ' '),
    value === null ? '' : value.toFixed(2),
    value === null ? '' : currency,
  ]);
  const header = ['Google Click ID', 'Conversion Name', 'Conversion Time', 'Conversion Value', 'Conversion Currency'];
  return text([[`Parameters:TimeZone=${timeZone}`], header, ...lines]);
}

/** Microsoft Advertising's layout of the same; times in UTC, as `4/1/2020 6:50:54 PM`. */
export function microsoftClickCsv(rows: Iterable<ClickConversion>, { conversion, currency }: Header): string {
  const lines = [...rows].map(({ clickId, at, value }) => [
    clickId,
    conversion,
    americanTime(at),
    value === null ? '' : value.toFixed(2),
    value === null ? '' : currency,
  ]);
  const header = [
    'Microsoft Click Id',
    'Conversion Name',
    'Conversion Time',
    'Conversion Value',
    'Conversion Currency',
  ];
  return text([['Parameters:TimeZone=+0000'], header, ...lines]);
}

function americanTime(at: EpochMs): string {
  const date = new Date(at);
  const hour = date.getUTCHours();
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${date.getUTCMonth() + 1}/${date.getUTCDate()}/${date.getUTCFullYear()}`;
  return `${day} ${hour % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${hour < 12 ? 'AM' : 'PM'}`;
}

function text(lines: readonly string[][]): string {
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string): string {
  return /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
