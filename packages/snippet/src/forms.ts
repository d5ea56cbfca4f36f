import type { Dialmark } from './api.ts';
import { joinForms } from './forms/join-forms.ts';
import { runningOf } from './running-of.ts';

/**
 * Tells the edge which forms are sent, and fills hidden fields with the visit's ids, tags and click ids; the script tag
 * does so by itself where the site's `forms` is not `off`. It only listens, and does nothing without a visit.
 *
 * @param keep left out: as the site is configured
 * @example followForms(createDialmark({ … }), 'contact');
 */
export function followForms(dialmark: Dialmark, keep = dialmark.config.forms): void {
  const running = runningOf.get(dialmark);
  if (running && keep) joinForms(running, keep);
}
