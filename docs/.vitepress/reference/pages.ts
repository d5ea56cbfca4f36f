import { slugify } from '../slug.ts';
import { exampleOf } from './examples.ts';
import { type ApiOperation, groups, type Json, schemas } from './operations.ts';
import { samples } from './samples.ts';
import { described, fieldTable } from './schema.ts';

/** Returns the pages of the API reference as Markdown, by their names under `/reference/`. */
export function referencePages(): { name: string; content: string }[] {
  return [
    { name: 'index', content: indexPage() },
    ...groups.map(({ title, members }) => ({
      name: slugify(title),
      content: [`# ${title}`, ...members.map(section)].join('\n\n'),
    })),
    { name: 'schemas', content: schemasPage() },
  ];
}

function indexPage(): string {
  return [
    '# API reference',
    'JSON in, JSON out. Times are RFC 3339 in UTC, phone numbers E.164, ids opaque strings. Errors are `application/problem+json` (RFC 9457), with a stable `code` to decide by ([every code](/errors)) and `errors: [{ path, code, message }]` for bad input. Lists take `limit` and `cursor`.',
    'Send a token as `Authorization: Bearer …`; the dashboard makes tokens under Settings. For tools, the same is at <a href="/openapi.json" target="_self">openapi.json</a> (OpenAPI 3.1).',
    ...groups.map(({ title, members }) => {
      const page = slugify(title);
      const entries = members.map(({ id, method, path, summary }) => {
        const short = path.replace('/v1/sites/{site}/', '…/');
        return `- <span class="method">${method}</span> [\`${short}\`](./${page}#${slugify(id)}) ${summary}`;
      });
      return `## [${title}](./${page})\n\n${entries.join('\n')}`;
    }),
  ].join('\n\n');
}

function section(operation: ApiOperation): string {
  const { id, method, path, summary, description, security, parameters, requestBody, responses } = operation;
  const query = (parameters ?? []).filter((each) => each.in === 'query');
  const bodies = requestBody?.content ?? {};
  const body = (bodies['application/json'] ?? Object.values(bodies)[0])?.schema;
  const [status, success] = Object.entries(responses).find(([each]) => each.startsWith('2')) ?? [];
  const answer = success?.content?.['application/json']?.schema;
  return [
    `## ${summary} {#${slugify(id)}}`,
    `<span class="method">${method}</span>\`${path}\``,
    ...(description ? [description] : []),
    accessText(security),
    samples(operation),
    ...(query.length > 0 ? [`**Query**`, fieldTable(asObject(query))] : []),
    ...(body ? [`**Body**`, described(body)] : []),
    `**Answer** \`${status}\`${
      answer
        ? ''
        : `: ${
            success?.content
              ? Object.keys(success.content)
                  .map((type) => `\`${type}\``)
                  .join(', ')
              : 'no body'
          }`
    }`,
    ...(answer
      ? [
          '```json',
          JSON.stringify(exampleOf(answer, { all: true }), null, 2),
          '```',
          `::: details Fields\n\n${described(answer)}\n\n:::`,
        ]
      : []),
  ]
    .join('\n\n')
    .replaceAll('```json\n\n', '```json\n')
    .replaceAll('\n\n```\n\n:::', '\n```\n\n:::');
}

function asObject(query: NonNullable<ApiOperation['parameters']>): Json {
  return {
    properties: Object.fromEntries(query.map(({ name, schema, description }) => [name, { description, ...schema }])),
    required: query.filter((each) => each.required).map(({ name }) => name),
  };
}

/** Says who may ask: a token's scope, a carrier by its signature, or the site's own pages. */
function accessText(security: ApiOperation['security']): string {
  const [first] = security ?? [];
  if (!first) return "Open to the site's own pages, checked by their `Origin`, and to servers with a token.";
  if (first.token) return `Takes a token with the scope \`${first.token[0]}\`.`;
  return `Takes requests signed by the carrier (\`${Object.keys(first).join('`, `')}\`).`;
}

function schemasPage(): string {
  const sections = Object.entries(schemas).map(([name, schema]) => `## ${name}\n\n${described(schema)}`);
  return ['# Schemas', 'The named parts of requests and answers.', ...sections].join('\n\n');
}
