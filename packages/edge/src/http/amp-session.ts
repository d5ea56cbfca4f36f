import { isPaidOrTagged } from '@dialmark/shared';
import { toHex } from '../platform/signature.ts';

/**
 * Returns the session of an AMP page's visitor. Such a page keeps nothing of ours, so the session is named after what it
 * is: a visitor's paid or tagged arrival, or else their visits of one day (UTC).
 */
export async function ampSession(visitor: string, url: string, now: number): Promise<string> {
  const visit = isPaidOrTagged({ url }) ? url : new Date(now).toISOString().slice(0, 10);
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${visitor} ${visit}`));
  return `amp_${toHex(new Uint8Array(digest, 0, 12))}`;
}
