import { type Json, resolved } from './operations.ts';

/** Sample values by field name: one business, one visitor, one call, throughout the reference. */
const BY_NAME: Record<string, unknown> = {
  site: 'acme',
  name: 'Acme Roofing',
  visitor: 'v_8f3kq0a1',
  session: 's_2m9xw7c4',
  binding: 'b_0193f2c1',
  number: '+14155550132',
  national: '(415) 555-0132',
  international: '+1 415 555 0132',
  destination: '+14155550100',
  target: 'main',
  from: '+12125550199',
  to: '+14155550132',
  caller: '+12125550199',
  url: 'https://acme.example/roof?utm_source=google&utm_medium=cpc&gclid=abc',
  referrer: 'https://www.google.com/',
  landingPage: 'https://acme.example/roof',
  title: 'Roof repair',
  origin: 'https://acme.example',
  country: 'US',
  timeZone: 'America/New_York',
  currency: 'USD',
  source: 'google',
  medium: 'cpc',
  campaign: 'spring',
  term: 'roof repair near me',
  content: null,
  channel: 'Paid Search',
  carrier: 'twilio',
  durationSeconds: 93,
  confidence: 0.97,
  day: '2026-11-24',
  date: '2026-11-24',
  cost: 120.5,
  limit: 100,
  cursor: null,
  period: '2026-11-24',
};

const TIME = '2026-11-24T21:30:00.000Z';
const NAMED_TIME = /(At|^at|From|Until)$/;

/** Builds an example of a schema: required fields, and optional ones where `all` is set. Depth is bounded: schemas nest. */
export function exampleOf(schema: Json, { all = false, name = '', depth = 0 } = {}): unknown {
  const whole = resolved(schema);
  if (Array.isArray(whole.examples)) return whole.examples[0];
  if (whole.const !== undefined) return whole.const;
  const options = (whole.anyOf ?? whole.oneOf) as Json[] | undefined;
  if (name in BY_NAME && fits(BY_NAME[name], whole)) return BY_NAME[name];
  if (whole.default !== undefined && typeof whole.default !== 'object') return whole.default;
  if (Array.isArray(whole.enum)) return whole.enum[0];
  if (options) {
    const option = options.find(({ type }) => type !== 'null') ?? options[0];
    return option ? exampleOf(option, { all, name, depth }) : null;
  }
  switch (whole.type) {
    case 'object':
      return depth > 4 ? {} : objectExample(whole, all, depth);
    case 'array': {
      const items = whole.items as Json | undefined;
      return !items || depth > 4 ? [] : [exampleOf(items, { all, name: name.replace(/s$/, ''), depth: depth + 1 })];
    }
    case 'integer':
    case 'number':
      return Math.max(1, Number(whole.minimum ?? 1));
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return NAMED_TIME.test(name) ? TIME : name === 'id' ? 'CA123' : '…';
  }
}

function objectExample(schema: Json, all: boolean, depth: number): Json {
  const required = (schema.required as string[] | undefined) ?? [];
  return Object.fromEntries(
    Object.entries((schema.properties as Record<string, Json> | undefined) ?? {})
      .filter(([name]) => all || required.includes(name))
      .map(([name, field]) => [name, exampleOf(field, { all, name, depth: depth + 1 })]),
  );
}

/** Tells whether an example of that name is one of this schema: a name may mean other things elsewhere. */
function fits(value: unknown, schema: Json): boolean {
  const options = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (options) return options.some((option) => fits(value, resolved(option)));
  if (Array.isArray(schema.enum)) return schema.enum.includes(value);
  if (value === null) return schema.type === 'null';
  if (schema.pattern && typeof value === 'string') return new RegExp(String(schema.pattern), 'u').test(value);
  return (
    schema.type === (typeof value === 'number' ? (schema.type === 'integer' ? 'integer' : 'number') : typeof value)
  );
}
