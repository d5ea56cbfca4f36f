import { api, type EpochMs, type SiteMetrics } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { overviewOf } from '../overview/remote-overview.ts';
import { directoryOf } from '../people/remote-directory.ts';
import { done, type Outcome } from '../platform/result.ts';
import { alertSecrets, ownAlertSecrets, send } from '../pool/monitoring/alerting.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';
import { addMetrics, type ShardMetrics } from '../pool/shards/shard-metrics.ts';
import { SitePools } from '../pool/shards/site-pools.ts';
import { prometheus } from './prometheus.ts';

/** Serves the operator's metrics. */
export function monitoringRoutes(app: App): void {
  serve(app, api.metrics, async ({ params, env }) => metricsOf(env, params.site as string));

  serve(app, api.allMetrics, async ({ env }) => {
    const text = prometheus(await metricsOfAll(env));
    return new Response(text, {
      headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8', 'Cache-Control': 'no-store' },
    });
  });

  serve(app, api.alerts, async ({ params, env }) => {
    const site = params.site as string;
    const { value: items, error } = await new SitePools(env, site).ofAll(
      (pool) => pool.monitoring.alerts(),
      (shards) => shards.flat().sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)),
    );
    if (error) return { error };
    const { value: known } = await poolOf(env, site).site.configuration();
    const [own = null] = await ownAlertSecrets(env, site);
    const signingSecret = known?.alerts?.signingSecret ? null : own;
    return done({ signingSecret, items });
  });

  serve(app, api.testAlert, async ({ params, env }) => {
    const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
    if (error) return { error };
    if (!site.alerts) return problem('alerts_not_configured');
    const secrets = await alertSecrets(env, site);
    const outcome = await send(env, site, secrets, 'test', null, Date.now() as EpochMs);
    return done({
      delivered: outcome.became === 'delivered',
      status: outcome.status,
      error: 'error' in outcome ? outcome.error : null,
    });
  });
}

/** Returns the counters and states of all shards of a site. */
async function metricsOf(env: Env, site: string): Promise<Outcome<SiteMetrics>> {
  const now = Date.now() as EpochMs;
  const [shards, deliveries] = await Promise.all([
    new SitePools(env, site).ofAll(
      (pool) => pool.monitoring.metrics(),
      (all) => all,
    ),
    // Without the ledger the rest is still to be watched.
    ledgerOf(env, site)
      .conversions.counts(now)
      .catch(() => null),
  ]);
  return shards.error ? shards : done(addMetrics(shards.value, deliveries, now));
}

/** So many sites are asked themselves; where there are more, each as it said last, within the last minutes. */
const SITES_ASKED = 20;
const SITES_AT_ONCE = 500;

/** One site that does not answer is left out: the others are still to be watched. */
async function metricsOfAll(env: Env): Promise<Map<string, SiteMetrics>> {
  const { items, cursor } = await directoryOf(env).sites(SITES_ASKED, null);
  if (cursor !== null) return lastReportedMetrics(env);
  const outcomes = await Promise.allSettled(items.map((site) => metricsOf(env, site)));
  const all = new Map<string, SiteMetrics>();
  outcomes.forEach((outcome, index) => {
    if (outcome.status === 'fulfilled' && outcome.value.value) all.set(items[index] as string, outcome.value.value);
  });
  return all;
}

async function lastReportedMetrics(env: Env): Promise<Map<string, SiteMetrics>> {
  const now = Date.now() as EpochMs;
  const all = new Map<string, SiteMetrics>();
  for (let after = ''; ; ) {
    const reports = await overviewOf(env).reports(after, SITES_AT_ONCE);
    for (const { site, pools, deliveries } of reports) {
      const shards = pools.map((metrics) => JSON.parse(metrics) as ShardMetrics);
      all.set(site, addMetrics(shards, deliveries, now));
    }
    if (reports.length < SITES_AT_ONCE) return all;
    after = reports.at(-1)?.site ?? '';
  }
}
