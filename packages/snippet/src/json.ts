const quoted = (text: string) =>
  `"${text.replace(/[^ !#-[\]-\uffff]/g, (each) => `\\u${(0x10000 + each.charCodeAt(0)).toString(16).slice(1)}`)}"`;

/**
 * Writes JSON without the page's help: old libraries replace `JSON.stringify`, and give arrays, objects and dates a
 * `toJSON` that writes something else.
 *
 * @returns undefined for what JSON has no form for, a function for example
 * @throws RangeError where the value contains itself
 */
export function toJson(value: unknown): string | undefined {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value === 'boolean' || Number.isFinite(value)) return `${value}`;
  if (typeof value === 'number') return 'null';
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return `[${[...value].map((each) => toJson(each) ?? 'null').join()}]`;
  const { toISOString, toJSON } = value as Partial<Date>;
  if (toISOString) return toJson(Number.isNaN(+value) ? null : toISOString.call(value));
  // One that every object has is the page's, not this object's.
  if (typeof toJSON === 'function' && toJSON !== ({} as Partial<Date>).toJSON) return toJson(toJSON.call(value));
  return `{${Object.entries(value)
    .flatMap(([key, each]) => {
      const text = toJson(each);
      return text === undefined ? [] : [`${quoted(key)}:${text}`];
    })
    .join()}}`;
}
