/** OpenAPI 3.1 from the operations and schemas of `@dialmark/shared`: written at build time, served as it is. */

import * as shared from '@dialmark/shared';
import { type api as Api, api, CustomData, DataTable, Dimension, type Operation, Problem } from '@dialmark/shared';
import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { carrierPaths, carrierSecurity } from './openapi-carriers.ts';

type Json = Record<string, unknown>;

/** Schemas that are exported by name become components, so that the document reads like the contract. */
const named = new Map<unknown, string>(
  Object.entries(shared)
    .filter(([, value]) => typeof value === 'object' && value !== null && 'kind' in value)
    .map(([name, value]) => [value, name]),
);
const components: Json = {};

function schemaOf(schema: v.GenericSchema, typeMode: 'input' | 'output'): Json {
  const json = toJsonSchema(
    schema as never,
    {
      typeMode,
      errorMode: 'ignore',
      target: 'draft-2020-12',
      overrideSchema: ({ valibotSchema }: { valibotSchema: unknown }) =>
        valibotSchema === CustomData ? { type: 'object' } : undefined,
    } as never,
  ) as Json;
  delete json.$schema;
  const name = named.get(schema);
  if (!name) return json;
  components[name] = json;
  return { $ref: `#/components/schemas/${name}` };
}

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: schemaOf(Problem, 'output') } },
});

const PARAMETERS: Record<string, string> = {
  site: "The site's public key.",
  number: 'E.164, with its plus escaped as `%2B` or left as it is.',
  dimension: `One of ${Dimension.options.join(', ')}.`,
  table: `One of ${DataTable.options.join(', ')}.`,
  id: 'As the list or an earlier answer gave it.',
};

function operation(id: string, op: Operation): Json {
  const path = [...op.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    description: PARAMETERS[name as string],
    schema: { type: 'string' },
  }));
  const query = op.query ? (schemaOf(op.query, 'input') as { properties: Json; required?: string[] }) : null;
  const querySchema =
    query &&
    ((query as Json).$ref
      ? (components[
          String((query as Json).$ref)
            .split('/')
            .pop() as string
        ] as typeof query)
      : query);
  const parameters = Object.entries(querySchema?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: querySchema?.required?.includes(name) ?? false,
    schema,
  }));
  const guarded = op.access !== 'public' && op.access !== 'open';
  return {
    operationId: id,
    summary: op.summary,
    tags: [op.access === 'public' ? 'Public' : 'Admin'],
    ...(guarded ? { security: [{ token: [op.access] }] } : {}),
    parameters: [...path, ...parameters],
    ...(op.body
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: schemaOf(op.body, 'input') },
              ...(op.access === 'public'
                ? {
                    'text/plain': {
                      schema: {
                        type: 'string',
                        description: 'The same JSON, as text, so that browsers need no preflight.',
                      },
                    },
                  }
                : {}),
              ...(op.csv ? { 'text/csv': { schema: { type: 'string' } } } : {}),
            },
          },
        }
      : {}),
    responses: {
      [op.status]: op.response
        ? { description: 'Done.', content: { 'application/json': { schema: schemaOf(op.response, 'output') } } }
        : op.produces
          ? { description: 'Done.', content: { [op.produces]: { schema: { type: 'string' } } } }
          : { description: 'Done. No body.' },
      400: problem('The request is not valid. `code` says why, `errors` names the fields.'),
      ...(guarded ? { 401: problem('The token is missing, invalid or revoked (`unauthenticated`).') } : {}),
      403: problem(
        guarded
          ? "The token's scopes or site do not allow this (`forbidden`)."
          : "The page's origin is not one of the site's (`origin_not_allowed`).",
      ),
      404: problem('The site, or what is asked of it, does not exist. `code` says which, such as `site_not_found`.'),
      ...(op.body ? { 413: problem('The body is too large (`payload_too_large`).') } : {}),
      ...(op.access === 'public'
        ? { 429: problem('Too many requests from this address (`rate_limited`). Wait for `Retry-After` seconds.') }
        : {}),
    },
  };
}

/** What an integrator hands to `createDialmark`: the one address beside the API that programs ask. */
function configurationPath(): Json {
  const text = { type: 'string' };
  const target = { id: text, number: { ...text, description: 'E.164.' }, national: text, international: text };
  return {
    get: {
      operationId: 'getSnippetConfiguration',
      summary: 'What the script of a site works by, for pages that bundle it: handed to `createDialmark` as it is',
      tags: ['Public'],
      parameters: [
        { name: 'site', in: 'path', required: true, description: PARAMETERS.site, schema: text },
        {
          name: 'If-None-Match',
          in: 'header',
          required: false,
          description: 'The `ETag` of an earlier answer.',
          schema: text,
        },
      ],
      responses: {
        200: {
          description: 'Done. May be kept as `Cache-Control` says.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['site', 'edge', 'targets'],
                properties: {
                  site: { ...text, description: PARAMETERS.site },
                  edge: { ...text, description: 'The origin of this edge.' },
                  targets: {
                    type: 'array',
                    items: { type: 'object', required: Object.keys(target), properties: target },
                  },
                },
                description: 'Beside these, the options of the site that differ from the usual ones.',
              },
            },
          },
        },
        304: { description: 'The same as that `ETag`.' },
        404: problem('There is no such site (`site_not_found`).'),
        429: problem('Too many requests from this address (`rate_limited`). Wait for `Retry-After` seconds.'),
      },
    },
  };
}

export function openapi(version: string): Json {
  const paths: Record<string, Json> = carrierPaths(problem);
  paths['/s/{site}.json'] = configurationPath();
  for (const [id, op] of Object.entries(api as typeof Api) as [string, Operation][]) {
    paths[op.path] = { ...paths[op.path], [op.method.toLowerCase()]: operation(id, op) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Dialmark',
      version,
      summary: 'Which ad, keyword, page or visit made the phone ring.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [
      { name: 'Public', description: "Called by the site's pages; checked against the site's origins." },
      { name: 'Admin', description: 'Called with a bearer token.' },
      { name: 'Carriers', description: "Webhooks in each carrier's own format, with its signature." },
    ],
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Scopes: `admin`, `read`, `calls`.' },
        ...carrierSecurity,
      },
    },
  };
}
