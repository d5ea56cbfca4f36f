import type { CountryCode } from 'libphonenumber-js/min/es6';
import { parsePhoneNumberFromString } from 'libphonenumber-js/min/es6';

/** Returns a number as people of the site's country write it; what is no number stays as it is. */
export function phone(number: string | null, country?: string): string {
  if (number === null) return 'Withheld';
  if (number.startsWith('h_')) return `Hidden caller ${number.slice(2, 8)}`;
  const parsed = parsePhoneNumberFromString(number);
  if (!parsed) return number;
  return parsed.country === country ? parsed.formatNational() : parsed.formatInternational();
}

/** Returns a dialled number as people read it, or says that the carrier did not name it. */
export function dialled(number: string | null, country?: string): string {
  return number === null ? 'a number the carrier didn’t report' : phone(number, country);
}

/** Returns a number in the forms that pages print it in. */
export function printedForms(number: string): { number: string; national: string; international: string } {
  const parsed = parsePhoneNumberFromString(number);
  return {
    number,
    national: parsed?.formatNational() ?? number,
    international: parsed?.formatInternational() ?? number,
  };
}

/** E.164 of what people wrote; null if it is no number. */
export function e164(text: string, country: string): string | null {
  return parsePhoneNumberFromString(text, country as CountryCode)?.number ?? null;
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fraction = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** Credit shared out by a model leaves fractions, of which one digit is enough. */
export const count = (value: number) => (Math.abs(value) < 1000 ? fraction : whole).format(value);

export function money(value: number | null, currency: string): string {
  if (value === null) return '–';
  const digits = Math.abs(value) >= 1000 || Number.isInteger(value) ? 0 : 2;
  const options = {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const;
  return new Intl.NumberFormat('en', options).format(value);
}

export function percent(share: number | null, digits = 0): string {
  if (share === null) return '–';
  return `${(share * 100).toFixed(digits)}%`;
}

export function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')} min`;
  return `${Math.floor(s / 3600)}:${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} h`;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat('en', { timeZone: zone, ...options });
    formats.set(key, made);
  }
  return made;
}

export const clock = (at: string, zone: string) => format(zone, { timeStyle: 'short' }).format(new Date(at));
export const clockWithSeconds = (at: string, zone: string) =>
  format(zone, { timeStyle: 'medium' }).format(new Date(at));
export const date = (at: string, zone: string) =>
  format(zone, { weekday: 'short', day: 'numeric', month: 'short' }).format(new Date(at));
export const shortDate = (at: string, zone: string) =>
  format(zone, { day: 'numeric', month: 'short' }).format(new Date(at));
export const dateTime = (at: string, zone: string) => `${date(at, zone)}, ${clock(at, zone)}`;
/** Returns a day by itself, which has no zone. */
export const day = (text: string) => format('UTC', { day: 'numeric', month: 'short' }).format(new Date(text));

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Returns a page's address without its scheme and query, for people. */
export function pagePath(address: string | null): string {
  if (address === null || !URL.canParse(address)) return address ?? '';
  return new URL(address).pathname;
}

export function host(address: string | null): string {
  return address !== null && URL.canParse(address) ? new URL(address).hostname.replace(/^www\./, '') : '';
}
