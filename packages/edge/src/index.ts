import { app } from './app.ts';
import { consume } from './conversions/consume.ts';
import type { ConversionMessage } from './conversions/message.ts';
import type { Env } from './env.ts';
import { wakeUntended } from './maintenance.ts';

export { SiteLedger } from './ledger/site-ledger.ts';
export { Overview } from './overview/overview.ts';
export { Directory } from './people/directory.ts';
export { NumberPool } from './pool/number-pool.ts';

export default {
  fetch: app.fetch,
  queue: consume,
  scheduled: (_, env) => wakeUntended(env),
} satisfies ExportedHandler<Env, ConversionMessage>;
