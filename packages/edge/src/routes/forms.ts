import { api, Form, type FormsQuery } from '@dialmark/shared';
import { type App, serve } from '../http/serve.ts';
import { endsBeforeItBegins } from '../ledger/read/lists.ts';
import { csv } from '../platform/csv-write.ts';
import { done, invalidCursor, invertedPeriod } from '../platform/result.ts';
import { SitePools } from '../pool/shards/site-pools.ts';
import { currentLedger } from './current-ledger.ts';

/** Serves forms: those that a server reports, and the list of all. */
export function formRoutes(app: App): void {
  serve(app, api.reportForm, async ({ params, body, env, context }) => {
    const site = params.site as string;
    const { value, error } = await new SitePools(env, site).ofNumber(body.id, (pool) => pool.forms.report(body));
    if (error) return { error };
    // Only the ledger knows how its visit began; a form is taken without it too.
    const { value: current } = await currentLedger(env, site, context);
    const known = await current?.ledger.log.form(body.id).catch(() => null);
    return Response.json({ ...value.form, touch: known?.touch ?? null }, { status: value.created ? 201 : 200 });
  });

  serve(app, api.listForms, async ({ params, query, env, request, context }) => {
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    if (endsBeforeItBegins(query, value.site.timeZone)) return invertedPeriod;
    const page = await value.ledger.log.forms(value.site, query as FormsQuery);
    if (page === null) return invalidCursor;
    const wantsCsv = request.headers.get('Accept')?.includes('text/csv') ?? false;
    return wantsCsv ? csv(Form, page, request.url) : done(page);
  });
}
