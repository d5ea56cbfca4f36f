import type { Env } from '../../env.ts';
import type { Operations } from '../operations.ts';

/** A pool's operations as the Worker calls them: `pool.calls.get(id)`. */
export type RemotePool = {
  readonly [Subsystem in keyof Operations]: Remote<Operations[Subsystem]>;
};

type Remote<T> = {
  [Name in keyof T]: T[Name] extends (...given: infer Given) => infer Result
    ? (...given: Given) => Promise<Awaited<Result>>
    : never;
};

/** The one method by which a pool is asked for anything. */
interface Runs {
  run(subsystem: string, name: string, given: readonly unknown[]): Promise<unknown>;
}

/**
 * Calls a pool's operations by their names, each as one message with one answer. An object handed out for each subsystem
 * would read the same, but the runtime keeps a pool awake until such an object is disposed of.
 */
export function remotePool(stub: DurableObjectStub): RemotePool {
  const pool = stub as unknown as Runs;
  const operationsOf = (subsystem: string) =>
    new Proxy(
      {},
      {
        get:
          (_, name: string) =>
          (...given: unknown[]) =>
            pool.run(subsystem, name, given),
      },
    );
  return new Proxy({} as RemotePool, { get: (_, subsystem: string) => operationsOf(subsystem) });
}

/** Returns one shard of a site. The first has the site's own name: a site with one shard is one object of that name. */
export function stubOf(env: Pick<Env, 'POOL'>, site: string, shard: number): DurableObjectStub {
  const name = shard === 0 ? site : `${site}#${shard}`;
  let id = ids.get(name);
  if (!id) {
    id = env.POOL.idFromName(name);
    // A Worker isolate may serve many sites, and be asked for many that do not exist.
    if (ids.size >= 10_000) ids.clear();
    ids.set(name, id);
  }
  return env.POOL.get(id);
}

/** A name's id is a hash, which costs some time each time it is calculated. */
const ids = new Map<string, DurableObjectId>();

export function shardOf(env: Pick<Env, 'POOL'>, site: string, shard: number): RemotePool {
  return remotePool(stubOf(env, site, shard));
}

/** Returns a site's first pool: its configuration, its scripts, and everything of a site that is not spread. */
export function poolOf(env: Pick<Env, 'POOL'>, site: string): RemotePool {
  return shardOf(env, site, 0);
}
