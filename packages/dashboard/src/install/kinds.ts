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
  /** How long after a call it is sent where nothing else is said; null: at once, always. */
  delayMinutes: number | null;
}

/** What each destination needs to be told, and what the API takes where it is told nothing. */
export const KINDS: Record<IntegrationKind, Kind> = {
  webhook: {
    title: 'Webhook',
    delayMinutes: null,
    fields: [{ name: 'url', label: 'Address', hint: 'https, to a public host. Signed as Standard Webhooks says.' }],
  },
  google_data_manager: {
    title: 'Google Ads conversions',
    delayMinutes: 360,
    fields: [
      { name: 'customerId', label: 'Customer id' },
      { name: 'conversionActionId', label: 'Conversion action id' },
      {
        name: 'serviceAccount',
        label: 'Key file of a service account',
        hint: 'The JSON as Google hands it out.',
        secret: true,
        json: true,
      },
    ],
  },
  ga4: {
    title: 'Google Analytics 4',
    delayMinutes: 0,
    fields: [
      { name: 'measurementId', label: 'Measurement id', hint: 'Such as G-ABC123DEF4.' },
      { name: 'apiSecret', label: 'API secret', secret: true },
    ],
  },
  meta: {
    title: 'Meta conversions',
    delayMinutes: 0,
    fields: [
      { name: 'datasetId', label: 'Dataset (pixel) id' },
      { name: 'accessToken', label: 'Access token', secret: true },
    ],
  },
  microsoft_ads: {
    title: 'Microsoft Advertising',
    delayMinutes: 60,
    fields: [
      { name: 'customerId', label: 'Customer id' },
      { name: 'accountId', label: 'Account id' },
      { name: 'goalName', label: 'Name of the offline conversion goal' },
      { name: 'developerToken', label: 'Developer token', secret: true },
      { name: 'clientId', label: 'Client id', secret: true },
      { name: 'clientSecret', label: 'Client secret', secret: true, optional: true },
      { name: 'refreshToken', label: 'Refresh token', secret: true },
    ],
  },
};
