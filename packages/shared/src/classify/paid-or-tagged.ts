// No imports: this file is part of the browser script. Its test holds it to what `classify` reads.
/** A tag or click id with a value and what stands before it: `;`, an escape in links that were escaped once too often, and space. */
export const MARK =
  /([?&;]|%26|%2526|%3b)(%20|\+)*(utm_(source|medium|campaign|term|content|id)|[gw]braid|[gdy]clid|msclkid|fbclid|t[tw]clid|gad_(source|campaignid)|li_fat_id|sccid|rdt_cid|epik|irclickid)=[^&]/i;

/**
 * Returns whether a landing page's address carries a UTM tag or a click id with a value: such an arrival begins a new session,
 * however recent the last one was.
 */
export function isPaidOrTagged(arrival: { url: string }): boolean {
  return MARK.test(withoutFragment(arrival.url));
}

/** Cuts off what begins with `#`, but for the `&#38;` or `&#038;` that replaces `&` in links escaped once too often. */
export function withoutFragment(url: string): string {
  return url.split(/#(?!0*38;|x26;)/i, 1)[0] as string;
}
