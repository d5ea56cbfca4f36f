const quoted = (text: string) =>
  `"${text.replace(/[^ !#-[\]-\uffff]/g, (each) => `\\u${(0x10000 + each.charCodeAt(0)).toString(16).slice(1)}`)}"`;

/** A value that JSON can represent. */
export type Plain = string | number | boolean | null | undefined | readonly Plain[] | { readonly [key: string]: Plain };

/** Writes JSON without the page's help: old libraries replace `JSON.stringify`, and give everything a `toJSON`. */
export function toJson(value: Plain): string {
  return typeof value === 'string'
    ? quoted(value)
    : Array.isArray(value)
      ? `[${value.map(toJson)}]`
      : value && typeof value === 'object'
        ? `{${Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : `${quoted(key)}:${toJson(each)}`))}}`
        : `${value}`;
}
