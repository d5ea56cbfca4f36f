import type { Plain } from './json.ts';

/**
 * Takes what anybody may say to what JSON has a form for, as `JSON.stringify` does and without the page's help: old
 * libraries give arrays, objects and dates a `toJSON` that writes something else.
 *
 * @returns undefined for what JSON has no form for, a function for example
 * @throws RangeError where the value contains itself
 */
export function plainOf(value: unknown): Plain {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return [...value].map((each) => plainOf(each) ?? null);
  const { toISOString, toJSON } = value as Partial<Date>;
  if (toISOString) return Number.isNaN(+value) ? null : toISOString.call(value);
  // One that every object has is the page's, not this object's.
  if (typeof toJSON === 'function' && toJSON !== ({} as Partial<Date>).toJSON) return plainOf(toJSON.call(value));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainOf(each)]));
}
