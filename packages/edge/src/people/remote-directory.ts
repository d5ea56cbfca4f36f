import type { Env } from '../env.ts';
import { placed } from '../platform/jurisdiction.ts';
import type { Directory } from './directory.ts';

/** Returns the deployment's directory. */
export function directoryOf(env: Pick<Env, 'DIRECTORY' | 'JURISDICTION'>): DurableObjectStub<Directory> {
  return placed(env.DIRECTORY, env).getByName('directory');
}

/**
 * Returns whether this deployment's data is where it is looked for: it stays in the jurisdiction it began in. The first
 * deploy notes that in a directory of its own, outside of any.
 */
export async function isInPlace(env: Pick<Env, 'DIRECTORY' | 'JURISDICTION'>): Promise<boolean> {
  const wanted = env.JURISDICTION ?? '';
  const known = await env.DIRECTORY.getByName('jurisdiction').jurisdiction(wanted);
  return known === wanted;
}
