/** Milliseconds since the Unix epoch, UTC, as the server's clock gave them. */
export type EpochMs = number & { readonly __brand: 'EpochMs' };

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Time after a click for which all ad platforms accept a conversion. */
export const CLICK_LIFE = 90 * DAY;

/** Marks a number as a moment. Throws `RangeError` on anything that is no finite number. */
export function epochMs(value: number): EpochMs {
  if (!Number.isFinite(value)) throw new RangeError('not a moment in time');
  return value as EpochMs;
}

/** RFC 3339 in UTC with milliseconds, e.g. `2026-11-24T21:30:00.000Z`. */
export function rfc3339(at: EpochMs): string;
export function rfc3339(at: EpochMs | null): string | null;
export function rfc3339(at: EpochMs | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** Returns the calendar day so many days after one, or before it: days have no zone, so this is plain arithmetic. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

// RFC 3339 section 5.6: date, T, time, optional fraction, Z or offset.
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/** Reads an RFC 3339 time with a zone; null if it is none (a missing zone is an error, not a guess). */
export function parseRfc3339(text: string): EpochMs | null {
  if (!RFC3339.test(text)) return null;
  const at = Date.parse(text.replace(' ', 'T').toUpperCase());
  if (Number.isNaN(at)) return null;
  // Date.parse rolls 31 February over into March; the day must survive the round trip.
  const day = Number(text.slice(8, 10));
  const offset = /([+-])(\d{2}):(\d{2})$/.exec(text);
  const shift = offset ? (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * MINUTE : 0;
  return new Date(at + shift).getUTCDate() === day ? (at as EpochMs) : null;
}
