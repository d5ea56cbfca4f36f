import { SiteId } from '@dialmark/shared';
import * as v from 'valibot';
import type { Env } from '../env.ts';
import { problemOf } from '../http/problems.ts';
import { directoryOf } from '../people/remote-directory.ts';
import { log } from '../platform/log.ts';
import { unknownSite } from '../platform/result.ts';
import { withTimeout } from '../platform/timeout.ts';
import { pass } from './gates.ts';

/** Sites that this isolate knows to be there, and until when it takes others for not being there. */
const there = new Set<string>();
const notThere = new Map<string, number>();
const REMEMBERED = 10_000;

/** Short: another isolate may create the site any moment. */
const NOT_THERE_MS = 500;
const PATIENCE_MS = 1000;

/**
 * Returns whether there is such a site, before its pool is woken: asking an object for what it does not have leaves a file and an
 * object behind. One hop the first time that an isolate hears of a site, none afterwards. A directory that does not
 * answer lets the request through: leases and calls do not depend on it.
 */
export async function isSite(env: Env, site: string): Promise<boolean> {
  if (there.has(site)) return true;
  if (!v.is(SiteId, site) || (notThere.get(site) ?? 0) > Date.now()) return false;
  try {
    const found = await withTimeout(PATIENCE_MS, directoryOf(env).hasSite(site));
    noteSite(site, found);
    return found;
  } catch (error) {
    log.warn('directory_unavailable', { reason: String(error) });
    return true;
  }
}

/** Notes that a site was created here, or is gone. */
export function noteSite(site: string, exists: boolean): void {
  if (there.size >= REMEMBERED) there.clear();
  if (notThere.size >= REMEMBERED) notThere.clear();
  if (exists) {
    there.add(site);
    notThere.delete(site);
  } else {
    there.delete(site);
    notThere.set(site, Date.now() + NOT_THERE_MS);
  }
}

/** Returns the answer to a request for a site that is not there; null if it is. */
export async function rejectUnknownSite(env: Env, request: Request, site: string): Promise<Response | null> {
  if (await isSite(env, site)) return null;
  return pass('unknownSites', request) ?? problemOf(unknownSite.error);
}
