/** Tells tag managers and GA4, where the page has them. */
export function trackEvent(event: string, detail: object): void {
  const { dataLayer, gtag } = window as { dataLayer?: unknown[]; gtag?: (...args: unknown[]) => void };
  try {
    if (gtag) gtag('event', event, detail);
    else dataLayer?.push({ event, ...detail });
  } catch {
    // Theirs, not ours.
  }
}
