import type { EpochMs } from '@dialmark/shared';
import { app } from './app.ts';
import { consume } from './conversions/consume.ts';
import type { ConversionMessage } from './conversions/message.ts';
import { sweepDeliveries } from './conversions/sweep.ts';
import type { Env } from './env.ts';
import { MAINTENANCE_CRON, maintainSites } from './maintenance.ts';

export { Directory } from './people/directory.ts';
export { NumberPool } from './pool/number-pool.ts';

export default {
  fetch: app.fetch,
  queue: consume,
  async scheduled({ cron }, env) {
    if (cron === MAINTENANCE_CRON) await maintainSites(env);
    else await sweepDeliveries(env, Date.now() as EpochMs);
  },
} satisfies ExportedHandler<Env, ConversionMessage>;
