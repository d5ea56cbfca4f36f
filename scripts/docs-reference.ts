/** The API reference of the docs, written from OpenAPI. */
import { escapeHtml, slug } from './html.ts';

type Json = Record<string, unknown>;

interface ApiOperation {
  method: string;
  path: string;
  id: string;
  summary: string;
  security?: Record<string, string[]>[];
  parameters?: Json[];
  requestBody?: Json;
  responses: Record<string, Json>;
}

/** What belongs together, in the order in which somebody who builds on the API needs it. */
const GROUPS: [title: string, paths: RegExp][] = [
  ['Leases and events', /\/(lease|events|amp)$/],
  ['Calls', /\/(calls|attribution)(\/|$)/],
  ['Visits and visitors', /\/(bindings|sessions|visitors|callers)(\/|$)/],
  ['Reports, costs, data', /\/(reports|compare|costs|data)(\/|$)/],
  ['Sites', /^\/v1\/sites(\/\{site\}(\/classify|\/page)?)?$/],
  ['Numbers and the pool', /\/(numbers|pool)(\/|$)/],
  ['Conversions and webhooks', /\/(integrations|deliveries|exports)(\/|$)/],
  ['Watching', /\/(metrics|alerts|carriers)(\/test)?$/],
  ['Tokens', /^\/v1\/tokens/],
  ["Carriers' webhooks", /\/carriers\/\w+\/(voice|status)$/],
];

export function apiReference(document: Json): string {
  const operations = operationsOf(document);
  const homeless = operations.find(({ path }) => GROUPS.filter(([, paths]) => paths.test(path)).length !== 1);
  if (homeless) throw new Error(`${homeless.path} must belong to one group of the API reference`);
  const groups = GROUPS.map(([title, paths]) => ({
    title,
    members: operations.filter(({ path }) => paths.test(path)),
  }));
  const index = groups.map(
    ({ title, members }) =>
      `<p><a href="#${slug(title)}">${escapeHtml(title)}</a></p><ul>${members.map(entry).join('')}</ul>`,
  );
  const sections = groups.map(
    ({ title, members }) => `<h2 id="${slug(title)}">${escapeHtml(title)}</h2>\n${members.map(section).join('\n')}`,
  );
  const schemas = Object.entries((document.components as { schemas: Record<string, Json> }).schemas).map(
    ([name, schema]) => `<h3 id="${schemaId(name)}">${escapeHtml(name)}</h3>${typeOf(schema)}`,
  );
  return `<h1>API reference</h1>
<p>JSON; times are RFC 3339 in UTC; numbers E.164; ids opaque. Errors are <code>application/problem+json</code> (RFC 9457) with <code>errors: [{ path, message }]</code> for bad input.
Lists take <code>limit</code> and <code>cursor</code>. As a document for tools: <a href="/openapi.json">openapi.json</a>.</p>
<nav aria-label="Operations" class="operations">${index.join('\n')}</nav>
${sections.join('\n')}
<h2 id="schemas">Schemas</h2>${schemas.join('\n')}`;
}

/** What may also be asked by GET is told once, by its POST. */
function operationsOf(document: Json): ApiOperation[] {
  return Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods)
      .map(([method, op]) => ({ ...op, method, path, id: String(op.operationId) }) as unknown as ApiOperation)
      .filter(({ id }) => !id.endsWith('ByGet')),
  );
}

/** An operation and a schema may have the same name. */
const schemaId = (name: string) => `schema-${slug(name)}`;

const methodMark = (method: string) => `<span class="method">${method.toUpperCase()}</span>`;

function entry({ id, method, path, summary }: ApiOperation): string {
  const short = path.replace('/v1/sites/{site}/', '…/');
  return `<li><a href="#${slug(id)}">${methodMark(method)}<code>${escapeHtml(short)}</code></a> <span>${escapeHtml(summary)}</span></li>`;
}

function section({ id, method, path, summary, security, parameters, requestBody, responses }: ApiOperation): string {
  const query = (parameters ?? []).filter((parameter) => parameter.in === 'query');
  const bodies = (requestBody?.content ?? {}) as Record<string, { schema: Json }>;
  const body = (bodies['application/json'] ?? Object.values(bodies)[0])?.schema;
  const success = Object.entries(responses).find(([status]) => status.startsWith('2')) as [
    string,
    { content?: Record<string, { schema: Json }> },
  ];
  const answer = success[1].content?.['application/json']?.schema;
  const queried = {
    properties: Object.fromEntries(query.map((each) => [each.name, each.schema])),
    required: query.filter((each) => each.required).map((each) => each.name),
  };
  return `<h3 id="${slug(id)}" class="operation">${methodMark(method)}<code>${escapeHtml(path)}</code></h3>
<p>${escapeHtml(summary)}. ${accessText(security)}</p>
${query.length > 0 ? `<h4>Query</h4>${fields(queried)}` : ''}
${body ? `<h4>Body</h4>${block(body)}` : ''}
<h4>Answer</h4>${answer ? block(answer, `<code>${success[0]}</code> `) : `<p><code>${success[0]}</code> no body</p>`}`;
}

/** A table stands by itself, a word in a paragraph. */
function block(schema: Json, before = ''): string {
  const text = typeOf(schema);
  return text.startsWith('<table') ? `${before && `<p>${before}</p>`}${text}` : `<p>${before}${text}</p>`;
}

/** Who may ask: a token's scope, a carrier by its signature, or the site's own pages. */
function accessText(security: Record<string, string[]>[] | undefined): string {
  const [first] = security ?? [];
  if (!first) return "The site's own pages, by their <code>Origin</code>; or a token.";
  if (first.token) return `Token with scope <code>${first.token[0]}</code>.`;
  return `Proved by <code>${Object.keys(first).join(', ')}</code>.`;
}

/** A schema in one readable cell: its type, and what it is bounded by. */
function typeOf(schema: Json): string {
  if (schema.$ref) {
    const name = String(schema.$ref).split('/').pop() as string;
    return `<a href="#${schemaId(name)}">${name}</a>`;
  }
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.enum)
    return (schema.enum as unknown[]).map((value) => `<code>${escapeHtml(JSON.stringify(value))}</code>`).join(' · ');
  const options = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (options) return options.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items as Json) : 'anything'}`;
  if (schema.type === 'object' && schema.properties) return fields(schema);
  const bounds = ['minimum', 'maximum', 'minLength', 'maxLength']
    .filter((key) => schema[key] !== undefined)
    .map((key) => `${key} ${schema[key]}`);
  const pattern = schema.pattern ? ` <code>${escapeHtml(schema.pattern)}</code>` : '';
  return `${schema.type ?? 'anything'}${bounds.length > 0 ? `, ${bounds.join(', ')}` : ''}${pattern}`;
}

function fields(schema: Json): string {
  const required = (schema.required as string[] | undefined) ?? [];
  const rows = Object.entries(schema.properties as Record<string, Json>).map(([name, field]) => {
    const preset =
      field.default === undefined
        ? ''
        : ` <span class="soft">default <code>${escapeHtml(JSON.stringify(field.default))}</code></span>`;
    const mark = required.includes(name) ? '' : ' <span class="soft">optional</span>';
    return `<tr><td><code>${escapeHtml(name)}</code>${preset || mark}</td><td>${typeOf(field)}</td></tr>`;
  });
  return `<table class="fields">${rows.join('')}</table>`;
}
