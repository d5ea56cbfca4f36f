import { api, Lead, type LeadsQuery } from '@dialmark/shared';
import { problem } from '../http/problems.ts';
import { type App, serve } from '../http/serve.ts';
import { endsBeforeItBegins } from '../ledger/read/lists.ts';
import { csv } from '../platform/csv-write.ts';
import { done, invalidCursor, invertedPeriod } from '../platform/result.ts';
import { currentLedger } from './current-ledger.ts';

/** Serves leads: lists of them, one with its contacts, and what people say of one. */
export function leadRoutes(app: App): void {
  serve(app, api.listLeads, async ({ params, query, env, request, context }) => {
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const { site, ledger } = value;
    if (endsBeforeItBegins(query, site.timeZone)) return invertedPeriod;
    const page = await ledger.leads.list(site, query as LeadsQuery);
    if (page === null) return invalidCursor;
    const wantsCsv = request.headers.get('Accept')?.includes('text/csv') ?? false;
    return wantsCsv ? csv(Lead, page, request.url) : done(page);
  });

  serve(app, api.getLead, async ({ params, env, context }) => {
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const lead = await value.ledger.leads.get(value.site, params.id as string);
    return lead ? done(lead) : problem('lead_not_found');
  });

  serve(app, api.patchLead, async ({ params, body, env, context }) => {
    const { value, error } = await currentLedger(env, params.site as string, context);
    if (error) return { error };
    const lead = await value.ledger.leads.patch(value.site, params.id as string, body, Date.now());
    return lead ? done(lead) : problem('lead_not_found');
  });
}
