import { type EpochMs, SECOND } from '@dialmark/shared';
import { oldestOverdue } from '../conversions/deliveries.ts';
import type { Env } from '../env.ts';
import type { App } from '../http/serve.ts';
import { withTimeout } from '../platform/timeout.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';

type PartStatus = 'ok' | 'late' | 'failing' | 'unknown';

interface Health {
  /** `down`: no leases and no calls; `degraded`: these go on, something else does not. */
  status: 'ok' | 'degraded' | 'down';
  pool: { status: PartStatus };
  /** The list of sites and the tokens: the admin API. */
  directory: { status: PartStatus };
  /** The database of lists, reports and deliveries. */
  ledger: { status: PartStatus };
  /** Messages to destinations: `late` where one has been due for ten minutes. Known by the ledger. */
  queue: { status: PartStatus; overdueSeconds: number | null };
}

/** In a flood of questions the parts are asked once in so long, by each isolate. */
const FRESH_MS = 5 * SECOND;
const LATE_MS = 600 * SECOND;
const PATIENCE_MS = 3 * SECOND;

let last: { at: number; health: Health } | null = null;

export function healthRoutes(app: App): void {
  /** How each part does. 200 while calls and leases go on, which they do without the ledger and the queue. */
  app.get('/healthz', async ({ env }) => {
    const now = Date.now();
    // The answer is kept, not the asking: what one request waits for ends with it, and would leave the others waiting.
    if (last === null || now - last.at >= FRESH_MS) last = { at: now, health: await ask(env, now as EpochMs) };
    const { health } = last;
    const status = health.status === 'down' ? 503 : 200;
    return Response.json(health, { status, headers: { 'Cache-Control': 'no-store' } });
  });
}

async function ask(env: Env, now: EpochMs): Promise<Health> {
  const [pool, directory, ledger] = await Promise.all([
    // Of no site, so that nothing is written and no site's pool is woken.
    answers(() => poolOf(env, ' health').shards.layout()),
    answers(() => env.DIRECTORY.getByName('directory').sites(1, null)),
    answers(() => oldestOverdue(env.LEDGER, now)),
  ]);
  const overdueMs = ledger ? (ledger.value ?? 0) : null;
  const queue: PartStatus = overdueMs === null ? 'unknown' : overdueMs >= LATE_MS ? 'late' : 'ok';
  const said = (answer: object | null) => ({ status: answer ? ('ok' as const) : ('failing' as const) });
  const well = pool && directory && ledger && queue === 'ok';
  return {
    status: pool ? (well ? 'ok' : 'degraded') : 'down',
    pool: said(pool),
    directory: said(directory),
    ledger: said(ledger),
    queue: { status: queue, overdueSeconds: overdueMs === null ? null : Math.floor(overdueMs / SECOND) },
  };
}

/** Null where it fails, or does not answer in time. */
async function answers<T>(question: () => Promise<T>): Promise<{ value: T } | null> {
  try {
    return { value: await withTimeout(PATIENCE_MS, question()) };
  } catch {
    return null;
  }
}
