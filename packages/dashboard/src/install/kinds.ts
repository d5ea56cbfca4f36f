import type { IntegrationKind } from '@dialmark/shared';

export interface KindField {
  name: string;
  label: string;
  hint?: string;
  /** Write-only: goes among the secrets. */
  secret?: true;
  optional?: true;
  /** Text of a JSON document, such as a key file. */
  json?: true;
}

export interface Kind {
  title: string;
  fields: KindField[];
  /** The default delay between a call and its delivery; null: always at once. */
  delayMinutes: number | null;
}

/** The fields of each destination, and the API's default for those left empty. */
export const KINDS: Record<IntegrationKind, Kind> = {
  webhook: {
    title: 'Webhook',
    delayMinutes: null,
    fields: [
      { name: 'url', label: 'URL', hint: 'A public HTTPS URL. Messages are signed as Standard Webhooks specifies.' },
    ],
  },
  google_data_manager: {
    title: 'Google Ads conversions',
    delayMinutes: 360,
    fields: [
      { name: 'customerId', label: 'Customer ID' },
      { name: 'conversionActionId', label: 'Conversion action ID' },
      {
        name: 'serviceAccount',
        label: 'Service account key file',
        hint: 'The JSON file as downloaded from Google.',
        secret: true,
        json: true,
      },
    ],
  },
  ga4: {
    title: 'Google Analytics 4',
    delayMinutes: 0,
    fields: [
      { name: 'measurementId', label: 'Measurement ID', hint: 'Such as G-ABC123DEF4.' },
      { name: 'apiSecret', label: 'API secret', secret: true },
    ],
  },
  meta: {
    title: 'Meta conversions',
    delayMinutes: 0,
    fields: [
      { name: 'datasetId', label: 'Dataset (pixel) ID' },
      { name: 'accessToken', label: 'Access token', secret: true },
    ],
  },
  microsoft_ads: {
    title: 'Microsoft Advertising',
    delayMinutes: 60,
    fields: [
      { name: 'customerId', label: 'Customer ID' },
      { name: 'accountId', label: 'Account ID' },
      { name: 'goalName', label: 'Offline conversion goal name' },
      { name: 'developerToken', label: 'Developer token', secret: true },
      { name: 'clientId', label: 'Client ID', secret: true },
      { name: 'clientSecret', label: 'Client secret', secret: true, optional: true },
      { name: 'refreshToken', label: 'Refresh token', secret: true },
    ],
  },
};
