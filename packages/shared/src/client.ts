import type * as v from 'valibot';
import { codeOfStatus } from './wire/codes.ts';
import type { Operation } from './wire/operation.ts';
import type { Problem } from './wire/problem.ts';

type Names<P extends string> = P extends `${string}{${infer N}}${infer Rest}` ? N | Names<Rest> : never;
type Given<K extends string, S> = S extends v.GenericSchema ? { [P in K]: v.InferInput<S> } : { [P in K]?: never };
/** Arguments of an operation: the path's names, its query and its body. */
export type Arguments<O extends Operation> = { [P in Names<O['path']>]: string } & (
  | Given<'body', O['body']>
  // A CSV file as it is; the header Content-Type: text/csv goes with it by itself.
  | (O extends { csv: true } ? { body: string | Uint8Array<ArrayBuffer> } : never)
) & {
    query?: O['query'] extends v.GenericSchema ? Partial<v.InferInput<O['query']>> : never;
    headers?: Record<string, string>;
  };
/** Result of a success. */
export type Result<O extends Operation> = O['response'] extends v.GenericSchema ? v.InferOutput<O['response']> : null;

/** An error that the API answered with: `problem.code` is for programs, its text for people. */
export class DialmarkError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`${problem.status} ${problem.title}: ${problem.detail}`);
    this.problem = problem;
  }
}

export interface ClientOptions {
  /** Origin of the Worker, such as `https://calls.acme.example`. */
  edge: string;
  token?: string;
  fetch?: (request: Request) => Promise<Response>;
}

/** Calls any operation of `api`, typed by its schemas. */
export interface Client {
  /**
   * @throws DialmarkError when the API answers with a problem
   * @example await client.call(api.getCall, { site: 'acme', id: 'CA123' })
   */
  call<const O extends Operation>(operation: O, given: Arguments<O>): Promise<Result<O>>;
  /** The same without reading the answer: for status codes and headers. */
  send<const O extends Operation>(operation: O, given: Arguments<O>): Promise<Response>;
}

export function createClient({ edge, token, fetch: send = fetch }: ClientOptions): Client {
  const client: Client = {
    async send(operation, given) {
      const all = given as Record<string, unknown> & {
        query?: object;
        body?: unknown;
        headers?: Record<string, string>;
      };
      const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(all[name])));
      const url = new URL(path, edge);
      for (const [key, value] of Object.entries(all.query ?? {})) {
        if (value !== undefined) url.searchParams.set(key, String(value));
      }
      const headers = new Headers(all.headers);
      if (token && !headers.has('Authorization')) headers.set('Authorization', `Bearer ${token}`);
      const init: RequestInit = { method: operation.method, headers };
      if (all.body !== undefined) {
        const isCsv = typeof all.body === 'string' || all.body instanceof Uint8Array;
        if (!headers.has('Content-Type')) headers.set('Content-Type', isCsv ? 'text/csv' : 'application/json');
        init.body = isCsv ? (all.body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(all.body);
      }
      return send(new Request(url, init));
    },
    async call(operation, given) {
      const response = await client.send(operation, given);
      if (!response.ok) throw new DialmarkError(await readProblem(response));
      return (operation.response === null ? null : await response.json()) as never;
    },
  };
  return client;
}

async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  const { status, statusText: title } = response;
  const said = readJson(text);
  return {
    ...{ type: 'about:blank', title, status, code: codeOfStatus(status), detail: text.slice(0, 200) },
    ...(typeof said === 'object' ? said : {}),
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
