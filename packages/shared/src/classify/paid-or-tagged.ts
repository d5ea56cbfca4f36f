// No imports: this file is part of the browser script. The test holds it to CLICK_IDS.
const MARK =
  /[?&](utm_[a-z_]+|gclid|gbraid|wbraid|dclid|gad_source|gad_campaignid|msclkid|fbclid|ttclid|twclid|li_fat_id|sccid|rdt_cid|epik|yclid|irclickid)=[^&]/i;

/**
 * Whether a landing page's address carries a `utm_` tag or a click id with a value: such an arrival begins a new
 * session, however recent the last one was.
 */
export function isPaidOrTagged(arrival: { url: string }): boolean {
  return MARK.test(arrival.url.split('#', 1)[0] as string);
}
