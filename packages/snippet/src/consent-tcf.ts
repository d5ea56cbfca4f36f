import type { Dialmark } from './api.ts';
import { poll } from './page/poll.ts';

interface TcData {
  eventStatus?: 'tcloaded' | 'cmpuishown' | 'useractioncomplete';
  gdprApplies?: boolean;
  purpose?: { consents?: Record<string, boolean> };
}
type TcfApi = (command: string, version: number, callback: (data: TcData, success: boolean) => void) => void;

/**
 * Follows an IAB TCF 2 consent manager, which may come later: granted where every one of the purposes is (1, store on a
 * device, and 8, measure content, unless others are named) or where the GDPR does not apply. While it asks, nothing is
 * granted that was not before.
 * https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework
 *
 * @returns false where the page has no consent manager yet.
 */
export function followTcf(dialmark: Pick<Dialmark, 'consent'>, purposes: readonly number[] = [1, 8]): boolean {
  let found = false;
  poll(() => {
    const { __tcfapi: api } = window as { __tcfapi?: TcfApi };
    found = !!api;
    api?.('addEventListener', 2, (data, success) => {
      if (!success) return;
      const free = data.gdprApplies === false;
      if (data.eventStatus === 'cmpuishown') dialmark.consent(free, true);
      else dialmark.consent(free || purposes.every((purpose) => data.purpose?.consents?.[purpose]));
    });
    return found;
  });
  return found;
}
