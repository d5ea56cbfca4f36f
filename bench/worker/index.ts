/** The real Worker beside the yardsticks: a Worker and objects that do nothing, or insert one row. */
import { DurableObject } from 'cloudflare:workers';
import { app } from '../../packages/edge/src/app.ts';
import type { Env } from '../../packages/edge/src/env.ts';
import { SiteLedger as RealLedger } from '../../packages/edge/src/ledger/site-ledger.ts';
import { NumberPool as RealPool } from '../../packages/edge/src/pool/number-pool.ts';

export { Directory, Overview } from '../../packages/edge/src/index.ts';

const CLIENT = {
  ...{ robot: false, address: null, device: null, country: null },
  ...{ origin: null, trusted: true, host: 'edge.example', cookies: [] },
};

/** The product's pool, with a history made at once and many operations in one call, so that the call itself weighs nothing. */
export class NumberPool extends RealPool {
  /** Fills the log as if this many sessions had each held a number for a minute, ending now. */
  async fill(bindings: number): Promise<void> {
    const { sql } = this.ctx.storage;
    sql.exec('CREATE TABLE filler (k INTEGER PRIMARY KEY, number TEXT NOT NULL)');
    sql.exec("INSERT INTO filler SELECT row_number() OVER () - 1, number FROM numbers WHERE kind = 'pool'");
    const { numbers } = sql.exec<{ numbers: number }>('SELECT count(*) AS numbers FROM filler').one();
    const start = Date.now() - bindings * 1000;
    const chunk = 20_000;
    for (let from = 0; from < bindings; from += chunk) {
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
         INSERT INTO bindings (seq, number, target, kind, session, visitor, started_at, last_active_at, expires_at)
         SELECT (? + i * 1000 - 1577836800000) * 4096, number, 'main', 'pool', 's' || i, 'v' || i, ? + i * 1000,
           ? + i * 1000 + 30000, ? + i * 1000 + 60000
         FROM n JOIN filler ON k = i % ?`,
        from,
        Math.min(from + chunk, bindings),
        start,
        start,
        start,
        start,
        numbers,
      );
      sql.exec(
        `WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
         INSERT INTO sessions (seq, id, visitor, started_at, last_active_at, landing_page, source, medium, channel, click_ids, pages, holds)
         SELECT (? + i * 1000 - 1577836800000) * 4096 + 64, 's' || i, 'v' || i, ? + i * 1000, ? + i * 1000 + 30000, 'https://acme.example/', 'google', 'cpc', 'Paid Search',
           '{}', 1, '{}' FROM n`,
        from,
        Math.min(from + chunk, bindings),
        start,
        start,
        start,
      );
    }
    sql.exec('DROP TABLE filler');
  }

  /** In groups as they come under load: each group is one commit. */
  async leaseMany(count: number, seed: string): Promise<number> {
    let given = 0;
    for (let from = 0; from < count; from += 25) {
      const answers = await Promise.all(
        Array.from({ length: Math.min(25, count - from) }, (_, i) => {
          const session = `${seed}${crypto.randomUUID()}${from + i}`;
          return this.operations.leases.lease(
            { session, visitor: `v${session}`, page: { url: 'https://acme.example/' } },
            CLIENT,
          );
        }),
      );
      given += answers.filter((answer) => 'value' in answer && answer.value?.body.numbers.main?.kind === 'pool').length;
    }
    return given;
  }

  /** Questions spread over the whole log, each to the number that was then held. */
  async attributeMany(count: number, numbers: string[], bindings: number): Promise<number> {
    let found = 0;
    const start = Date.now() - bindings * 1000;
    for (let n = 0; n < count; n++) {
      const i = Math.floor((n * bindings) / count);
      const answer = await this.operations.calls.attribution(
        numbers[i % numbers.length] as string,
        start + i * 1000 + 40_000,
      );
      if ('value' in answer && answer.value?.binding) found++;
    }
    return found;
  }

  async configuration(): Promise<unknown> {
    return this.operations.site.configuration();
  }

  async restart(): Promise<void> {
    this.ctx.abort('restart');
  }
}

/**
 * The product's ledger, or one that takes everything and does nothing: on Cloudflare each object may be on another
 * machine, whereas local workerd runs all of them in one thread.
 */
export class SiteLedger extends RealLedger {
  override async run(subsystem: string, name: string, given: readonly unknown[]): Promise<unknown> {
    const { LEDGER_ELSEWHERE } = this.env as Env & { LEDGER_ELSEWHERE?: string };
    return LEDGER_ELSEWHERE && subsystem === 'feed' ? 0 : super.run(subsystem, name, given);
  }

  /** Runs SQL on its tables, once a question has made them. */
  async query(sql: string, values: readonly (string | number)[]): Promise<unknown[]> {
    return this.ctx.storage.sql.exec(sql, ...values).toArray();
  }

  /** Fills the ledger with visits of so many days up to now, as its pool would have sent them. */
  async seed(visits: number, days: number, retentionDays: number): Promise<void> {
    const { core } = this;
    const counting = { model: 'linear' as const, qualifiedSeconds: 0, qualifiedValue: 0 };
    core.change(() => core.keepRules({ timeZone: 'UTC', lookbackDays: 90, retentionDays, counting }));
    const word = (text: string) => core.words.idOf(text);
    const words = (prefix: string, count: number) => {
      const ids = Array.from({ length: count }, (_, i) => word(`${prefix}${i}`));
      return `(json_extract('${JSON.stringify(ids)}', '$[' || (n * 7919 % ${count}) || ']'))`;
    };
    const begins = Date.now() - days * 86_400_000;
    const step = Math.floor((days * 86_400_000) / visits);
    const chunk = 20_000;
    for (let from = 0; from < visits; from += chunk) {
      core.change(() =>
        core.sql.exec(
          `WITH RECURSIVE counter(n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < ${Math.min(from + chunk, visits)})
           INSERT INTO visit (seq, rev, day, hour, channel, source, medium, campaign, term, landing_path, referrer_host,
             device, country, pages, late, active_for, visitor, id, landing_page)
           SELECT (${begins - 1_577_836_800_000} + n * ${step}) * 4096, 1, (${begins} + n * ${step}) / 86400000, n % 24, ${words('Channel ', 8)},
             ${words('source', 40)}, ${words('medium', 5)}, ${words('campaign ', 30)}, ${words('keyword ', 200)},
             ${words('/page-', 100)}, ${words('host', 50)}, ${words('device ', 3)}, ${words('C', 20)}, 2, 0, 30000,
             printf('v_%032x', n / 2), printf('s_%08x%024x', n * 2654435761 % 4294967296, n),
             printf('https://acme.example/page-%d?gclid=%064x', n % 100, n)
           FROM counter`,
        ),
      );
      // Between two events the memory of the one before is let go.
      await scheduler.wait(0);
    }
  }

  /** Begins the night, which the object's alarms go on with. */
  async beginNight(): Promise<void> {
    await this.operations.life.maintain();
  }

  /** Returns the ledger's size, and since when it has done its night; null while it is at it. */
  async state(): Promise<{ bytes: number; maintainedAt: number | null }> {
    const status = this.operations.life.status();
    const isUnderWay = this.ctx.storage.kv.get('night') !== undefined;
    return { bytes: status?.bytes ?? 0, maintainedAt: isUnderWay ? null : (status?.maintainedAt ?? null) };
  }

  /** Does the night's work at once. */
  async night(): Promise<void> {
    const { kv } = this.ctx.storage;
    await this.operations.life.maintain();
    while (kv.get('night') !== undefined) await this.operations.life.work();
  }
}

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

interface BenchEnv extends Omit<Env, 'POOL' | 'SITE_LEDGER'> {
  POOL: DurableObjectNamespace<NumberPool>;
  SITE_LEDGER: DurableObjectNamespace<SiteLedger>;
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
      case '/bench/ledger': {
        const { site, sql, values } = (await request.json()) as { site: string; sql: string; values: never[] };
        return Response.json(await env.SITE_LEDGER.getByName(site).query(sql, values));
      }
      case '/bench/growth': {
        const { site, op, given } = (await request.json()) as {
          site: string;
          op: 'seed' | 'beginNight' | 'state';
          given: never[];
        };
        const ledger = env.SITE_LEDGER.getByName(site) as unknown as Record<
          string,
          (...given: never[]) => Promise<unknown>
        >;
        return Response.json((await ledger[op]?.(...given)) ?? null);
      }
      case '/bench/night':
        await env.SITE_LEDGER.getByName(await request.text()).night();
        return new Response();
      case '/bench/pool': {
        const { site, op, given } = (await request.json()) as {
          site: string;
          op: 'fill' | 'leaseMany' | 'attributeMany' | 'restart' | 'configuration';
          given: never[];
        };
        const pool = env.POOL.getByName(site) as unknown as Record<string, (...given: never[]) => Promise<unknown>>;
        return Response.json((await pool[op]?.(...given).catch((error: unknown) => String(error))) ?? null);
      }
      default:
        return app.fetch(request, env as never, ctx);
    }
  },
};
