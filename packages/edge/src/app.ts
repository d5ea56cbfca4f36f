import { HonoBase } from 'hono/hono-base';
import { PatternRouter } from 'hono/router/pattern-router';
import { problem } from './http/problems.ts';
import { requestId, requestIdOf } from './http/request-id.ts';
import type { AppEnv } from './http/serve.ts';
import { isLedgerUnavailable } from './ledger/remote-ledger.ts';
import { log } from './platform/log.ts';
import { callRoutes } from './routes/calls.ts';
import { carrierRoutes } from './routes/carriers.ts';
import { classifyRoutes } from './routes/classify.ts';
import { costRoutes } from './routes/costs.ts';
import { dashboardSessionRoutes } from './routes/dashboard-session.ts';
import { dataRoutes } from './routes/data.ts';
import { docsRoutes } from './routes/docs.ts';
import { exportRoutes } from './routes/exports.ts';
import { formRoutes } from './routes/forms.ts';
import { frontRoutes } from './routes/front.ts';
import { healthRoutes } from './routes/health.ts';
import { integrationRoutes } from './routes/integrations.ts';
import { leadRoutes } from './routes/leads.ts';
import { ledgerRoutes } from './routes/ledger.ts';
import { logRoutes } from './routes/log.ts';
import { monitoringRoutes } from './routes/monitoring.ts';
import { numberRoutes } from './routes/numbers.ts';
import { outcomeRoutes } from './routes/outcomes.ts';
import { pageRoutes } from './routes/page.ts';
import { poolRoutes } from './routes/pool.ts';
import { reportRoutes } from './routes/reports.ts';
import { siteRoutes } from './routes/sites.ts';
import { scriptChanges, snippetRoutes } from './routes/snippet.ts';
import { tokenRoutes } from './routes/tokens.ts';
import { visitorRoutes } from './routes/visitors.ts';
import { visitRoutes } from './routes/visits.ts';

/**
 * The router that tries one expression after another takes some microseconds more than one that compiles all routes into
 * one, and milliseconds less at each cold start.
 */
export const app = new HonoBase<AppEnv>({ router: new PatternRouter() });

app.use(requestId);
scriptChanges(app);

visitRoutes(app);
siteRoutes(app);
numberRoutes(app);
poolRoutes(app);
callRoutes(app);
formRoutes(app);
leadRoutes(app);
outcomeRoutes(app);
carrierRoutes(app);
logRoutes(app);
classifyRoutes(app);
pageRoutes(app);
reportRoutes(app);
visitorRoutes(app);
costRoutes(app);
dataRoutes(app);
ledgerRoutes(app);
integrationRoutes(app);
exportRoutes(app);
tokenRoutes(app);
monitoringRoutes(app);
healthRoutes(app);
dashboardSessionRoutes(app);
snippetRoutes(app);
docsRoutes(app);
frontRoutes(app);

app.notFound(({ req }) => {
  const taken = METHODS.filter((method) => takes(method, req.path)).join(', ');
  return taken === ''
    ? problem('not_found', `There is no resource at ${req.path}.`)
    : problem('method_not_allowed', `${req.path} takes ${taken}, not ${req.method}.`, undefined, { Allow: taken });
});

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Returns whether a path has a route of a method, beside the middleware that all methods pass. */
function takes(method: string, path: string): boolean {
  return app.router.match(method, path)[0].some(([[, route]]) => route.method === method);
}

app.onError((error, context) => {
  // No path: it may contain ids; the route's pattern is enough.
  log.error('unhandled', { requestId: requestIdOf(context), route: context.req.routePath, reason: String(error) });
  // Lists and reports only: leases and calls do not ask the ledger.
  if (isLedgerUnavailable(error)) {
    return problem('ledger_unavailable', undefined, undefined, { 'Retry-After': '30' });
  }
  return problem('internal');
});
