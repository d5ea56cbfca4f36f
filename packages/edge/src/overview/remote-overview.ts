import type { Env } from '../env.ts';
import { placed } from '../platform/jurisdiction.ts';
import { type Remote, type Runs, remote } from '../platform/remote.ts';
import type { OverviewOperations } from './operations.ts';

/** The deployment's overview, as the Worker, pools and ledgers call it. */
export function overviewOf(
  env: Pick<Env, 'OVERVIEW' | 'JURISDICTION'>,
): Remote<{ sites: OverviewOperations }>['sites'] {
  return remote<{ sites: OverviewOperations }>(placed(env.OVERVIEW, env).getByName('overview') as unknown as Runs)
    .sites;
}
