import type { Dialmark } from './dialmark.ts';

/**
 * Follows Google Consent Mode: `analytics_storage` granted or denied, by `gtag('consent', 'default' | 'update', …)`,
 * whether it was said before or is said later. https://developers.google.com/tag-platform/security/guides/consent
 *
 * @example followConsentMode(createDialmark({ …, consent: 'required' }));
 */
export function followConsentMode(dialmark: Pick<Dialmark, 'consent'>): void {
  const scope = window as { dataLayer?: ArrayLike<unknown>[] };
  scope.dataLayer ??= [];
  const layer = scope.dataLayer;
  const hear = (entry: ArrayLike<unknown> | undefined) => {
    if (entry?.[0] !== 'consent') return;
    const said = (entry[2] as { analytics_storage?: string } | undefined)?.analytics_storage;
    if (said) dialmark.consent(said === 'granted');
  };
  for (const entry of Array.from(layer)) hear(entry);
  const { push } = layer;
  layer.push = (...entries) => {
    for (const entry of entries) hear(entry);
    return push.apply(layer, entries);
  };
}
