import type { Dialmark } from './dialmark.ts';

interface TcData {
  eventStatus?: 'tcloaded' | 'cmpuishown' | 'useractioncomplete';
  gdprApplies?: boolean;
  purpose?: { consents?: Record<string, boolean> };
}
type TcfApi = (command: string, version: number, heard: (data: TcData, success: boolean) => void) => void;

/**
 * Follows an IAB TCF 2 consent manager: granted where every one of the purposes is (1, store on a device, and 8,
 * measure content, unless others are named) or where the GDPR does not apply.
 * https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework
 *
 * @returns false where the page has no consent manager (yet).
 */
export function followTcf(dialmark: Pick<Dialmark, 'consent'>, purposes: readonly number[] = [1, 8]): boolean {
  const { __tcfapi: api } = window as { __tcfapi?: TcfApi };
  api?.('addEventListener', 2, (data, success) => {
    if (!success || data.eventStatus === 'cmpuishown') return;
    dialmark.consent(data.gdprApplies === false || purposes.every((purpose) => data.purpose?.consents?.[purpose]));
  });
  return !!api;
}
