/** Sends an event to GA4 or the tag manager, if the page has one. */
export function trackEvent(event: string, detail: object): void {
  const { dataLayer, gtag } = window as { dataLayer?: unknown[]; gtag?: (...args: unknown[]) => void };
  try {
    if (gtag) gtag('event', event, detail);
    else dataLayer?.push({ event, ...detail });
  } catch {
    // Theirs, not ours.
  }
}
