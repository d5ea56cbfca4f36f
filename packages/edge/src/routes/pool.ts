import { api, DAY, type EpochMs, HOUR, parseRfc3339, rfc3339, SECOND } from '@dialmark/shared';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { done } from '../platform/result.ts';
import { addPressure, addStates, poolSizing } from '../pool/monitoring/occupancy.ts';
import { SitePools } from '../pool/shards/site-pools.ts';
import { currentLedger } from './current-ledger.ts';

const HISTORY_HOURS = (7 * DAY) / HOUR;
const MOST_HISTORY_HOURS = (31 * DAY) / HOUR;

export function poolRoutes(app: App): void {
  serve(app, api.pool, async ({ params, env }) =>
    new SitePools(env, params.site as string).ofAll((pool) => pool.monitoring.occupancy(), addStates),
  );

  serve(app, api.poolSizing, async ({ params, query, env }) =>
    new SitePools(env, params.site as string).ofAll(
      (pool) => pool.monitoring.demand(query.target),
      (demands) => poolSizing(demands, query.blocking),
    ),
  );

  serve(app, api.poolHistory, async ({ params, query, env, context }) => {
    const now = Date.now();
    const to = Math.min(query.to === undefined ? now : (parseRfc3339(query.to) as number), now);
    const toHour = Math.ceil(to / HOUR);
    const fromHour =
      query.from === undefined ? toHour - HISTORY_HOURS : Math.floor((parseRfc3339(query.from) as number) / HOUR);
    if (fromHour >= toHour || toHour - fromHour > MOST_HISTORY_HOURS) {
      const message = 'must be before `to` and before now, by at most 31 days';
      return problem('invalid_request', 'The period cannot be shown.', [
        { path: 'from', code: 'out_of_range', message },
      ]);
    }
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const { site, ledger } = value;
    const pressure = await new SitePools(env, site.id).ofAll(
      (pool) => pool.monitoring.pressure(fromHour, query.target),
      addPressure,
    );
    if (pressure.error) return pressure;
    const ttlMs = site.lease.ttlSeconds * SECOND;
    const held = await ledger.reports.bindingsByHour({ target: query.target, fromHour, toHour, ttlMs });
    const signs = Map.groupBy(pressure.value.hours, ({ hour }) => hour);
    return done({
      numbers: pressure.value.numbers,
      hours: held.map((most, i) => {
        const signsOfHour = signs.get(fromHour + i) ?? [];
        return {
          at: rfc3339(((fromHour + i) * HOUR) as EpochMs),
          held: most,
          exhausted: signsOfHour.reduce((sum, { exhausted }) => sum + exhausted, 0),
          earlyReissues: signsOfHour.reduce((sum, { early }) => sum + early, 0),
        };
      }),
    });
  });
}
