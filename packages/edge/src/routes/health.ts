import type { App } from '../http/serve.ts';

export function healthRoutes(app: App): void {
  /** Whether each part answers. 200 while calls and leases go on, which they do without the ledger. */
  app.get('/healthz', async ({ env }) => {
    const [directory, ledger] = await Promise.all([
      answers(() => env.DIRECTORY.getByName('directory').sites(1, null)),
      answers(() => env.LEDGER.prepare('SELECT 1 FROM sessions LIMIT 1').all()),
    ]);
    const parts = { directory, ledger };
    const status = Object.values(parts).every((part) => part === 'ok') ? 'ok' : 'degraded';
    return Response.json({ status, ...parts }, { headers: { 'Cache-Control': 'no-store' } });
  });
}

async function answers(ask: () => Promise<unknown>): Promise<'ok' | 'failing'> {
  try {
    await ask();
    return 'ok';
  } catch {
    return 'failing';
  }
}
