import type { Operation } from './api.ts';
import {
  ClickExportQuery,
  DeliveriesQuery,
  Delivery,
  Integration,
  NewIntegration,
  SavedIntegration,
} from './integration.ts';
import { ListQuery, Page } from './list.ts';

/** Conversions and webhooks out, as operations of the API. */
export const integrationOperations = {
  putIntegration: {
    method: 'POST',
    path: '/v1/sites/{site}/integrations',
    summary: 'Add a destination for calls, or replace the one with this id; secrets are never shown again',
    access: 'admin',
    body: NewIntegration,
    response: SavedIntegration,
    status: 200,
  },
  listIntegrations: {
    method: 'GET',
    path: '/v1/sites/{site}/integrations',
    summary: 'List the destinations of calls',
    access: 'admin',
    query: ListQuery,
    response: Page(Integration),
    status: 200,
  },
  deleteIntegration: {
    method: 'DELETE',
    path: '/v1/sites/{site}/integrations/{id}',
    summary: 'Send nothing there any more; the log stays',
    access: 'admin',
    response: null,
    status: 204,
  },
  listDeliveries: {
    method: 'GET',
    path: '/v1/sites/{site}/deliveries',
    summary: 'What was sent where and what became of it, latest first',
    access: 'read',
    query: DeliveriesQuery,
    response: Page(Delivery),
    status: 200,
  },
  replayDelivery: {
    method: 'POST',
    path: '/v1/sites/{site}/deliveries/{id}/replay',
    summary: 'Send a message again, under its id',
    access: 'admin',
    response: Delivery,
    status: 200,
  },
  exportGoogleAds: {
    method: 'GET',
    path: '/v1/sites/{site}/exports/google-ads.csv',
    summary: 'Click conversions for Google Ads to pull; a token as the password of Basic auth will do',
    access: 'read',
    query: ClickExportQuery,
    response: null,
    status: 200,
    produces: 'text/csv',
  },
  exportMicrosoftAds: {
    method: 'GET',
    path: '/v1/sites/{site}/exports/microsoft-ads.csv',
    summary: 'Click conversions for Microsoft Advertising to pull; a token as the password of Basic auth will do',
    access: 'read',
    query: ClickExportQuery,
    response: null,
    status: 200,
    produces: 'text/csv',
  },
} as const satisfies Record<string, Operation>;
