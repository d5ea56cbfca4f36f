import { AlertsState, AlertTested } from './alert.ts';
import { SiteMetrics } from './metrics.ts';
import type { Operation } from './operation.ts';

/** Watching the system, as operations of the API. */
export const watchingOperations = {
  metrics: {
    method: 'GET',
    path: '/v1/sites/{site}/metrics',
    summary: "A site's counters, backlogs and alerts",
    access: 'read',
    response: SiteMetrics,
    status: 200,
  },
  allMetrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'The counters of all sites as Prometheus reads them; a token for all sites',
    access: 'read',
    response: null,
    status: 200,
    produces: 'text/plain',
  },
  alerts: {
    method: 'GET',
    path: '/v1/sites/{site}/alerts',
    summary: 'Alerts that last or lately did, and what their messages are signed with',
    access: 'admin',
    response: AlertsState,
    status: 200,
  },
  testAlert: {
    method: 'POST',
    path: '/v1/sites/{site}/alerts/test',
    summary: 'Send a test to where alerts go, and say what became of it',
    access: 'admin',
    response: AlertTested,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
