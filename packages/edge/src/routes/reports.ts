import { api, type CompareQuery, Dimension, dayOf, type EpochMs, type ReportQuery, ReportRow } from '@dialmark/shared';
import * as v from 'valibot';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { periodOf } from '../ledger/read/period.ts';
import { csv } from '../platform/csv-write.ts';
import { done, invertedPeriod } from '../platform/result.ts';
import { currentLedger } from './current-ledger.ts';

export function reportRoutes(app: App): void {
  serve(app, api.compareReport, async ({ params, query, env, context }) => {
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const { site, ledger } = value;
    const period = periodOf(query, dayOf(Date.now() as EpochMs, site.timeZone));
    return period ? done(await ledger.reports.compare(site, query as CompareQuery, period)) : invertedPeriod;
  });

  serve(app, api.report, async ({ params, query, env, request, context }) => {
    const dimension = v.safeParse(Dimension, params.dimension);
    if (!dimension.success) {
      const message = `must be one of ${Dimension.options.join(', ')}`;
      return problem('invalid_request', `There is no report by "${params.dimension}"; it ${message}.`, [
        { path: 'dimension', code: 'not_one_of', message },
      ]);
    }
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const { site, ledger } = value;
    const period = periodOf(query, dayOf(Date.now() as EpochMs, site.timeZone));
    if (!period) return invertedPeriod;
    const answer = await ledger.reports.report(site, dimension.output, query as ReportQuery, period);
    const wantsCsv = request.headers.get('Accept')?.includes('text/csv') ?? false;
    return wantsCsv ? csv(columns(query.compare), { items: answer.rows, cursor: null }, request.url) : done(answer);
  });
}

function columns(compared: string | undefined): v.GenericSchema {
  return compared ? ReportRow : v.omit(ReportRow, ['previous']);
}
