import { api, type EpochMs } from '@dialmark/shared';
import { googleClickCsv, microsoftClickCsv } from '../conversions/click-csv.ts';
import { EXPORTED_CLICKS } from '../conversions/exported-clicks.ts';
import { type App, serve } from '../http/serve.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { poolOf } from '../pool/shards/remote-pool.ts';

/** Click conversions that ad platforms pull over HTTPS on their own schedule, with Basic auth. */
export function exportRoutes(app: App): void {
  app.use('/v1/sites/:site/exports/*', async (context, next) => {
    const request = context.req.raw;
    const token = basicPassword(request.headers.get('Authorization'));
    if (token !== null) {
      const headers = new Headers(request.headers);
      headers.set('Authorization', `Bearer ${token}`);
      context.req.raw = new Request(request, { headers });
    }
    await next();
    if (context.res.status === 401) context.res.headers.set('WWW-Authenticate', 'Basic realm="dialmark"');
  });

  serve(app, api.exportGoogleAds, async ({ params, query, env }) => {
    const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
    if (error) return { error };
    const { conversions } = ledgerOf(env, site.id);
    const rows = await conversions.exportedClicks(EXPORTED_CLICKS.google, query, Date.now() as EpochMs);
    return file(googleClickCsv(rows, { ...query, currency: site.currency, timeZone: site.timeZone }));
  });

  serve(app, api.exportMicrosoftAds, async ({ params, query, env }) => {
    const { value: site, error } = await poolOf(env, params.site as string).site.configuration();
    if (error) return { error };
    const { conversions } = ledgerOf(env, site.id);
    const rows = await conversions.exportedClicks(EXPORTED_CLICKS.microsoft, query, Date.now() as EpochMs);
    return file(microsoftClickCsv(rows, { ...query, currency: site.currency }));
  });
}

/** Returns the password of Basic credentials (RFC 7617); the user name may be anything. */
function basicPassword(authorization: string | null): string | null {
  const encoded = /^Basic\s+([A-Za-z0-9+/=]+)\s*$/i.exec(authorization ?? '')?.[1];
  if (!encoded) return null;
  try {
    const credentials = atob(encoded);
    const colon = credentials.indexOf(':');
    return colon < 0 ? null : credentials.slice(colon + 1);
  } catch {
    return null;
  }
}

function file(text: string): Response {
  return new Response(text, {
    headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Cache-Control': 'no-store' },
  });
}
