import repository from '../../../package.json' with { type: 'json' };
import { openapi } from '../../../tools/openapi/openapi.ts';
import { GROUPS } from './groups.ts';

export type Json = Record<string, unknown>;

export interface ApiOperation {
  method: string;
  path: string;
  id: string;
  summary: string;
  description?: string;
  security?: Record<string, string[]>[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Json }> }>;
}

const document = openapi(repository.version);

export const schemas = (document.components as { schemas: Record<string, Json> }).schemas;

/** Every operation; one that may also be asked by GET appears once, by its POST. */
export const operations: ApiOperation[] = Object.entries(document.paths as Record<string, Record<string, Json>>)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, op]) =>
        ({ ...op, method: method.toUpperCase(), path, id: String(op.operationId) }) as unknown as ApiOperation,
    ),
  )
  .filter(({ id }) => !id.endsWith('ByGet'));

/** The operations of each page. Throws where one belongs to no page, or to several. */
export const groups = GROUPS.map(({ title, paths }) => ({
  title,
  members: operations.filter(({ path }) => paths.test(path)),
}));

const homeless = operations.find(({ path }) => GROUPS.filter(({ paths }) => paths.test(path)).length !== 1);
if (homeless) throw new Error(`${homeless.path} must belong to exactly one page of the API reference`);

/** Follows a reference to a named schema. */
export function resolved(schema: Json): Json {
  const name = nameOf(schema);
  return name === null ? schema : (schemas[name] as Json);
}

export function nameOf(schema: Json): string | null {
  return typeof schema.$ref === 'string' ? (schema.$ref.split('/').pop() as string) : null;
}
