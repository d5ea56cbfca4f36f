import type * as v from 'valibot';
import type { Scope } from './token.ts';

/** One operation of the API: what it takes, what it answers and who may call it. */
export interface Operation {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{name}` for what varies. */
  path: `/${string}`;
  summary: string;
  /** A scope: a bearer token that has it. `public`: the site's own pages, by their origin. `open`: anyone. */
  access: Scope | 'public' | 'open';
  /** Another scope that is enough. */
  alsoAccess?: Scope;
  query?: v.GenericSchema;
  body?: v.GenericSchema;
  /** Takes `text/csv` too: the handler then gets the file's bytes. */
  csv?: true;
  /** The routes whose bodies may be larger than the rest of the admin API allows. */
  maxBytes?: number;
  /** Result of a success; null for an empty body. */
  response: v.GenericSchema | null;
  /** The media type of a success, where it is no JSON. */
  produces?: 'text/csv' | 'text/plain' | 'application/vnd.apache.parquet';
  /** The status of a success; `201` in addition where something may be created. */
  status: 200 | 201 | 204;
}
