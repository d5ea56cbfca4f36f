import { api, type EpochMs, parseRfc3339 } from '@dialmark/shared';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { done } from '../platform/result.ts';
import { SitePools } from '../pool/shards/site-pools.ts';
import { currentLedger } from './current-ledger.ts';

/** The ledger itself: SQL on it, and how it is made whole again. */
export function ledgerRoutes(app: App): void {
  serve(app, api.querySql, async ({ params, body, env, context }) => {
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const answer = await value.ledger.log.query(body);
    return 'code' in answer ? problem('invalid_request', 'The statement cannot be run.', [answer]) : done(answer);
  });

  serve(app, api.resendLedger, async ({ params, body, env }) =>
    resend(new SitePools(env, params.site as string), parseRfc3339(body.since) as EpochMs),
  );

  serve(app, api.restoreLedger, async ({ params, body, env }) => {
    const site = params.site as string;
    const at = parseRfc3339(body.at) as EpochMs;
    if (at >= Date.now()) {
      const message = 'must be in the past';
      return problem('invalid_request', 'The ledger cannot be restored to this moment.', [
        { path: 'at', code: 'in_the_future', message },
      ]);
    }
    if (!(await ledgerOf(env, site).life.restore(at))) return problem('restore_unavailable');
    return resend(new SitePools(env, site), at);
  });
}

function resend(pools: SitePools, since: EpochMs) {
  return pools.ofAll(
    (pool) => pool.changes.resend(since),
    () => null,
  );
}
