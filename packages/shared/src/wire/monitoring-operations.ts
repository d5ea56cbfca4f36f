import { AlertsState, AlertTested } from './alert.ts';
import { SiteMetrics } from './metrics.ts';
import type { Operation } from './operation.ts';

/** The operations that monitor a site. */
export const monitoringOperations = {
  metrics: {
    method: 'GET',
    path: '/v1/sites/{site}/metrics',
    summary: "Get a site's metrics, backlogs and alerts",
    access: 'read',
    response: SiteMetrics,
    status: 200,
  },
  allMetrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'Get metrics of all sites in the Prometheus format. Needs a token for all sites',
    access: 'read',
    response: null,
    status: 200,
    produces: 'text/plain',
  },
  alerts: {
    method: 'GET',
    path: '/v1/sites/{site}/alerts',
    summary: 'List open and recent alerts, with their signing secret',
    access: 'admin',
    response: AlertsState,
    status: 200,
  },
  testAlert: {
    method: 'POST',
    path: '/v1/sites/{site}/alerts/test',
    summary: 'Send a test alert and return the result',
    access: 'admin',
    response: AlertTested,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
