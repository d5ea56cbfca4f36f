import { slugify } from '../slug.ts';
import { type Json, nameOf, resolved } from './operations.ts';

/** Writes an object's fields as a table; anything else as a sentence. */
export function described(schema: Json): string {
  const whole = resolved(schema);
  return whole.type === 'object' && whole.properties ? fieldTable(whole) : typeOf(schema);
}

export function fieldTable(schema: Json): string {
  const required = (schema.required as string[] | undefined) ?? [];
  const rows = Object.entries(schema.properties as Record<string, Json>).map(([name, field]) => {
    const preset = field.default === undefined ? '' : ` Default ${code(JSON.stringify(field.default))}.`;
    const optional = required.includes(name) || preset ? '' : ' Optional.';
    const words = field.description ? `${escaped(String(field.description))} ` : '';
    return `| ${code(name)} | ${typeOf(field)} | ${words}${preset}${optional} |`;
  });
  return ['| field | type | |', '| --- | --- | --- |', ...rows].join('\n');
}

/** Writes a schema's type in one cell: names are links, fields of nested objects are listed. */
export function typeOf(schema: Json): string {
  const name = nameOf(schema);
  if (name !== null) return `[${name}](/reference/schemas#${slugify(name)})`;
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => code(JSON.stringify(value))).join(' · ');
  const options = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (options) return [...new Set(options.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items as Json) : 'anything'}`;
  if (schema.type === 'object' && schema.properties) {
    const fields = Object.entries(schema.properties as Record<string, Json>);
    return `object: ${fields.map(([field, type]) => `${code(field)} ${typeOf(type)}`).join(', ')}`;
  }
  const bounds = Object.entries(BOUNDS).flatMap(([key, words]) =>
    schema[key] === undefined ? [] : [`${words} ${schema[key]}`],
  );
  const pattern = schema.pattern ? [code(String(schema.pattern))] : [];
  return [String(schema.type ?? 'anything'), ...bounds, ...pattern].join(', ');
}

const BOUNDS = { minimum: 'at least', maximum: 'at most', minLength: 'length at least', maxLength: 'length at most' };

/** Code inside a table: a bar would end the cell, and Vue would read double braces. */
function code(text: string): string {
  return `<code v-pre>${escaped(text)}</code>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '&#124;')
    .replaceAll('$', '&#36;')
    .replaceAll('\\', '&#92;');
}
