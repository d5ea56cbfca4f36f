import { SECOND } from '@dialmark/shared';
import type { Env } from '../env.ts';
import type { App } from '../http/serve.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { overviewOf } from '../overview/remote-overview.ts';
import { directoryOf } from '../people/remote-directory.ts';
import { withTimeout } from '../platform/timeout.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';

type PartStatus = 'ok' | 'late' | 'failing' | 'unknown';

interface Health {
  /** `down`: no leases and no calls; `degraded`: these go on, something else does not. */
  status: 'ok' | 'degraded' | 'down';
  pool: { status: PartStatus };
  /** The list of sites and the tokens: the admin API. */
  directory: { status: PartStatus };
  /** The sites' databases of lists, reports and deliveries. */
  ledger: { status: PartStatus };
  /** Messages to destinations: `late` where one has been due for ten minutes. As the ledgers said last. */
  queue: { status: PartStatus; overdueSeconds: number | null };
}

/** In a flood of questions the parts are asked once in so long, by each isolate. */
const FRESH_MS = 5 * SECOND;
const LATE_SECONDS = 600;
const PATIENCE_MS = 3 * SECOND;

let last: { at: number; health: Health } | null = null;

export function healthRoutes(app: App): void {
  /** The health of each part. 200 while calls and leases go on, which they do without the ledger and the queue. */
  app.get('/healthz', async ({ env }) => {
    const now = Date.now();
    // The answer is kept, not the asking: what one request waits for ends with it, and would leave the others waiting.
    if (last === null || now - last.at >= FRESH_MS) last = { at: now, health: await ask(env) };
    const { health } = last;
    const status = health.status === 'down' ? 503 : 200;
    return Response.json(health, { status, headers: { 'Cache-Control': 'no-store' } });
  });
}

async function ask(env: Env): Promise<Health> {
  const [pool, directory, ledger, overdue] = await Promise.all([
    // For no site, so that nothing is written and no pool or ledger is woken.
    answers(() => poolOf(env, ' health').shards.layout()),
    answers(() => directoryOf(env).sites(1, null)),
    answers(() => ledgerOf(env, ' health').life.status()),
    answers(() => overdueSeconds(env)),
  ]);
  const seconds = overdue?.value ?? null;
  const queue: PartStatus = seconds === null ? 'unknown' : seconds >= LATE_SECONDS ? 'late' : 'ok';
  const said = (answer: object | null) => ({ status: answer ? ('ok' as const) : ('failing' as const) });
  const well = pool && directory && ledger && queue === 'ok';
  return {
    status: pool ? (well ? 'ok' : 'degraded') : 'down',
    pool: said(pool),
    directory: said(directory),
    ledger: said(ledger),
    queue: { status: queue, overdueSeconds: seconds },
  };
}

/** Returns for how long the message that is due longest has been, of all sites. */
async function overdueSeconds(env: Env): Promise<number> {
  const since = await overviewOf(env).overdueSince();
  return since === null ? 0 : Math.max(0, Math.floor((Date.now() - since) / SECOND));
}

/** Returns null if it fails, or does not answer in time. */
async function answers<T>(question: () => Promise<T>): Promise<{ value: T } | null> {
  try {
    return { value: await withTimeout(PATIENCE_MS, question()) };
  } catch {
    return null;
  }
}
