/**
 * The Worker of `npm start`: the product's, with the pages of a demo business, whose past is played into its pool. Never deployed:
 * `wrangler.toml` names the product's own entry.
 */
import type { EpochMs } from '@dialmark/shared';
import type { Env } from '../../edge/src/env.ts';
import { authorize } from '../../edge/src/http/auth.ts';
import worker from '../../edge/src/index.ts';
import { OFFICE_PATH } from './business.ts';
import { demoPage, placeDemoCall } from './pages.ts';
import type { PoolWithPast } from './past.ts';

export { Directory, Overview, SiteLedger } from '../../edge/src/index.ts';

export { PoolWithPast as NumberPool } from './past.ts';

interface DemoEnv extends Omit<Env, 'POOL'> {
  POOL: DurableObjectNamespace<PoolWithPast>;
}

export default {
  ...worker,
  async fetch(request: Request, env: DemoEnv, context: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    // The office: it takes whatever is sent, and keeps nothing.
    if (request.method === 'POST' && pathname === OFFICE_PATH) return new Response(null, { status: 204 });
    if (request.method === 'GET' && pathname.startsWith('/demo/')) {
      const page = demoPage(pathname);
      if (page) return page;
    }
    if (request.method === 'POST' && pathname === '/demo/call') return placeDemoCall(request, env as never);
    if (request.method !== 'POST' || !pathname.startsWith('/demo/past/')) {
      return worker.fetch(request, env as never, context);
    }
    const denied = await authorize(request, env as never, 'admin', null);
    if (denied) return denied;
    const pool = env.POOL.getByName('demo');
    if (pathname === '/demo/past/day') return Response.json(await pool.playDay());
    return Response.json(await pool.beginPast(Number(searchParams.get('seed')), Date.now() as EpochMs));
  },
};
