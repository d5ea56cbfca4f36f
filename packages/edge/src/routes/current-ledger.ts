import { SECOND, type Site } from '@dialmark/shared';
import type { Context } from 'hono';
import type { Env } from '../env.ts';
import type { AppEnv } from '../http/serve.ts';
import { ledgerOf, type RemoteLedger } from '../ledger/remote-ledger.ts';
import { done, type Outcome } from '../platform/result.ts';
import { SitePools } from '../pool/shards/site-pools.ts';

/**
 * A site with its ledger as it is now: what its pools have acknowledged is sent to the ledger first. Where that takes
 * too long the answer comes all the same, and its header `Dialmark-Behind` says by how many seconds it may be old.
 */
export async function currentLedger(
  env: Env,
  site: string,
  context: Context<AppEnv>,
): Promise<Outcome<{ site: Site; ledger: RemoteLedger }>> {
  const { value, error } = await new SitePools(env, site).flushed();
  if (error) return { error };
  if (value.behindMs > 0) context.set('behindSeconds', Math.ceil(value.behindMs / SECOND));
  return done({ site: value.site, ledger: ledgerOf(env, site) });
}
