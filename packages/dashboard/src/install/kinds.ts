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

/** What each destination needs to be told; the rest has defaults and stands in the API. */
export const KINDS: Record<IntegrationKind, { title: string; fields: KindField[] }> = {
  webhook: {
    title: 'Webhook',
    fields: [{ name: 'url', label: 'Address', hint: 'https, to a public host. Signed as Standard Webhooks says.' }],
  },
  google_data_manager: {
    title: 'Google Ads conversions',
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
    fields: [
      { name: 'measurementId', label: 'Measurement id', hint: 'Such as G-ABC123DEF4.' },
      { name: 'apiSecret', label: 'API secret', secret: true },
    ],
  },
  meta: {
    title: 'Meta conversions',
    fields: [
      { name: 'datasetId', label: 'Dataset (pixel) id' },
      { name: 'accessToken', label: 'Access token', secret: true },
    ],
  },
  microsoft_ads: {
    title: 'Microsoft Advertising',
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
