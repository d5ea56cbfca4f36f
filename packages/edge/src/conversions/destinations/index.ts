import type { IntegrationKind } from '@dialmark/shared';
import type { DestinationOf } from './destination.ts';
import { ga4 } from './ga4.ts';
import { googleDataManager } from './google-data-manager.ts';
import { meta } from './meta.ts';
import { microsoftAds } from './microsoft-ads.ts';
import { webhook } from './webhook.ts';

const DESTINATIONS: { [K in IntegrationKind]: DestinationOf<K> } = {
  webhook,
  google_data_manager: googleDataManager,
  ga4,
  meta,
  microsoft_ads: microsoftAds,
};

/** A kind's destination, typed so that it can be given any integration of that kind. */
export function destinationOf(kind: IntegrationKind): DestinationOf<never> {
  return DESTINATIONS[kind] as unknown as DestinationOf<never>;
}
