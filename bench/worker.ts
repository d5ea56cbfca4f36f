/** The real Worker beside the yardsticks: a Worker and objects that do nothing, or insert one row. */
import { DurableObject } from 'cloudflare:workers';
import { app } from '../packages/edge/src/app.ts';
import type { Env } from '../packages/edge/src/env.ts';

export { Directory, NumberPool } from '../packages/edge/src/index.ts';

export class Yardstick extends DurableObject {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env as never);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS rows (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID');
  }

  async nothing(): Promise<number> {
    return 1;
  }

  async insert(id: string, body: string): Promise<number> {
    this.ctx.storage.sql.exec('INSERT INTO rows (id, body) VALUES (?, ?)', id, body);
    return 1;
  }
}

interface BenchEnv extends Env {
  YARDSTICK: DurableObjectNamespace<Yardstick>;
}

export default {
  async fetch(request: Request, env: BenchEnv, ctx: ExecutionContext): Promise<Response> {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case '/bench/worker':
        return new Response('1');
      case '/bench/rpc':
        return new Response(String(await env.YARDSTICK.getByName('bench').nothing()));
      case '/bench/insert':
        return new Response(
          String(await env.YARDSTICK.getByName('bench').insert(crypto.randomUUID(), await request.text())),
        );
      default:
        return app.fetch(request, env, ctx);
    }
  },
};
