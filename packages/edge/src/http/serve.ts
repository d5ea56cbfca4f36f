import { ENGLISH, fieldErrors, type Operation } from '@dialmark/shared';
import type { Context, Hono } from 'hono';
import * as v from 'valibot';
import { rejectUnknownSite } from '../admission/known-sites.ts';
import type { Env } from '../env.ts';
import type { Outcome } from '../platform/result.ts';
import { authorize } from './auth.ts';
import { ADMIN_BODY_BYTES, PUBLIC_BODY_BYTES, readBytes } from './body.ts';
import { problem, problemOf } from './problems.ts';

/** The environment that the Worker's routes share. */
export interface AppEnv {
  Bindings: Env;
  /** The maximum age of the data in seconds, sent as `Dialmark-Behind`. */
  Variables: { behindSeconds?: number };
}
export type App = Hono<AppEnv>;
type Output<S> = S extends v.GenericSchema ? v.InferOutput<S> : undefined;

/** The validated input of a handler. */
export interface Input<O extends Operation> {
  /** The values of the path's `{name}`s. */
  params: Record<string, string>;
  query: Output<O['query']>;
  /** The file itself, where the operation takes CSV and was sent it: its encoding is for the reader to tell. */
  body: O extends { csv: true } ? Output<O['body']> | Uint8Array : Output<O['body']>;
  env: Env;
  request: Request;
  context: Context<AppEnv>;
}

/** A handler answers with the value, with the outcome of asking a pool, or with a response of its own. */
type Answer<O extends Operation> = Outcome<O['response'] extends null ? unknown : Output<O['response']>> | Response;

/** The content types of an uploaded table: CSV, tab-separated, and CSV as computers with Excel name it. */
const FILE_TYPES = /^\s*(?:text\/(?:csv|tab-separated-values)|application\/(?:csv|vnd\.ms-excel))\s*(?:;|$)/i;

/**
 * Mounts an operation: authorise, read, validate, answer; every fault as a problem document. Public operations are
 * authorised by the pool itself, which knows the site's origins (one hop instead of two).
 */
export function serve<O extends Operation>(
  app: App,
  operation: O,
  handle: (input: Input<O>) => Promise<Answer<O>>,
): void {
  app.on(operation.method, operation.path.replace(/\{(\w+)\}/g, ':$1'), handlerOf(operation, handle));
}

/** Returns what `serve` mounts, for operations that share a route. */
export function handlerOf<O extends Operation>(
  operation: O,
  handle: (input: Input<O>) => Promise<Answer<O>>,
): (context: Context<AppEnv>) => Promise<Response> {
  const { access, body: bodySchema, query: querySchema } = operation;
  return async (context) => {
    const request = context.req.raw;
    const params = context.req.param() as Record<string, string>;
    if (access !== 'public' && access !== 'open') {
      const denied = await authorize(request, context.env, access, params.site ?? null, operation.alsoAccess);
      if (denied) return denied;
    }
    if (params.site !== undefined && !makesOrEnds(operation)) {
      const unknown = await rejectUnknownSite(context.env, request, params.site);
      if (unknown) return unknown;
    }

    const query = querySchema ? v.safeParse(querySchema, context.req.query(), ENGLISH) : undefined;
    if (query && !query.success)
      return problem('invalid_request', 'The query is not valid.', fieldErrors(query.issues));

    let body: unknown;
    if (bodySchema) {
      const most = operation.maxBytes ?? (access === 'public' ? PUBLIC_BODY_BYTES : ADMIN_BODY_BYTES);
      const bytes = await readBytes(request, most);
      if (bytes === null) return problem('payload_too_large');
      if (operation.csv && FILE_TYPES.test(request.headers.get('Content-Type') ?? '')) {
        body = bytes;
      } else {
        const json = parseJson(new TextDecoder().decode(bytes));
        if (json === undefined) {
          return problem('invalid_request', 'The body is not JSON.', [
            { path: '', code: 'invalid_format', message: 'must be a JSON document' },
          ]);
        }
        const parsed = v.safeParse(bodySchema, json, ENGLISH);
        if (!parsed.success) return problem('invalid_request', 'The body is not valid.', fieldErrors(parsed.issues));
        body = parsed.output;
      }
    }

    const answer = await handle({
      params,
      query: query?.output as Output<O['query']>,
      body: body as Input<O>['body'],
      env: context.env,
      request,
      context,
    });
    const behind = context.get('behindSeconds');
    if (answer instanceof Response) {
      if (behind !== undefined) answer.headers.set('Dialmark-Behind', String(behind));
      return answer;
    }
    if (answer.error) return problemOf(answer.error);
    if (operation.response === null) return new Response(null, { status: operation.status });
    const headers = {
      'Cache-Control': 'no-store',
      ...(behind === undefined ? {} : { 'Dialmark-Behind': String(behind) }),
    };
    return Response.json(answer.value, { status: operation.status, headers });
  };
}

/** Returns whether the operation is for a site that need not be there: it creates it, or clears away what may be left of it. */
function makesOrEnds({ method, path }: Operation): boolean {
  return path === '/v1/sites/{site}' && method !== 'GET';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
