import type { Env } from '../../env.ts';
import { placed } from '../../platform/jurisdiction.ts';
import { type Remote, type Runs, remote } from '../../platform/remote.ts';
import type { Operations } from '../operations.ts';

/** A pool's operations as the Worker calls them: `pool.calls.get(id)`. */
export type RemotePool = Remote<Operations>;

export function remotePool(stub: DurableObjectStub): RemotePool {
  return remote<Operations>(stub as unknown as Runs);
}

/** Returns one shard of a site. The first has the site's own name: a site with one shard is one object of that name. */
export function stubOf(env: Pick<Env, 'POOL' | 'JURISDICTION'>, site: string, shard: number): DurableObjectStub {
  const name = shard === 0 ? site : `${site}#${shard}`;
  let id = ids.get(name);
  if (!id) {
    id = placed(env.POOL, env).idFromName(name);
    // A Worker isolate may serve many sites, and be asked for many that do not exist.
    if (ids.size >= 10_000) ids.clear();
    ids.set(name, id);
  }
  return env.POOL.get(id);
}

/** A name's id is a hash, which costs some time each time it is calculated. */
const ids = new Map<string, DurableObjectId>();

export function shardOf(env: Pick<Env, 'POOL' | 'JURISDICTION'>, site: string, shard: number): RemotePool {
  return remotePool(stubOf(env, site, shard));
}

/** Returns a site's first pool: its configuration, its scripts, and everything of a site that is not spread. */
export function poolOf(env: Pick<Env, 'POOL' | 'JURISDICTION'>, site: string): RemotePool {
  return shardOf(env, site, 0);
}
