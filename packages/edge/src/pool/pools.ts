import type { Env } from '../env.ts';

/** The pool of a site. */
export function poolOf(env: Env, site: string) {
  return env.POOL.getByName(site);
}
