import { api, type CompareQuery, Dimension, dayOf, type EpochMs, type ReportQuery, ReportRow } from '@dialmark/shared';
import * as v from 'valibot';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { periodOf } from '../ledger/read/period.ts';
import { compare, report } from '../ledger/read/reports.ts';
import { csv } from '../platform/csv-write.ts';
import { done, invertedPeriod } from '../platform/result.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';

export function reportRoutes(app: App): void {
  serve(app, api.compareReport, async ({ params, query, env }) => {
    const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
    if (error) return { error };
    const period = periodOf(query, dayOf(Date.now() as EpochMs, site.timeZone));
    return period ? done(await compare(env.LEDGER, site, query as CompareQuery, period)) : invertedPeriod;
  });

  serve(app, api.report, async ({ params, query, env, request }) => {
    const dimension = v.safeParse(Dimension, params.dimension);
    if (!dimension.success) {
      const message = `must be one of ${Dimension.options.join(', ')}`;
      return problem('invalid_request', `There is no report by "${params.dimension}"; it ${message}.`, [
        { path: 'dimension', code: 'not_one_of', message },
      ]);
    }
    const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
    if (error) return { error };
    const period = periodOf(query, dayOf(Date.now() as EpochMs, site.timeZone));
    if (!period) return invertedPeriod;
    const answer = await report(env.LEDGER, site, dimension.output, query as ReportQuery, period);
    const wantsCsv = request.headers.get('Accept')?.includes('text/csv') ?? false;
    return wantsCsv ? csv(columns(query.compare), { items: answer.rows, cursor: null }, request.url) : done(answer);
  });
}

function columns(compared: string | undefined): v.GenericSchema {
  return compared ? ReportRow : v.omit(ReportRow, ['previous']);
}
