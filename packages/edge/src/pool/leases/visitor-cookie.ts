import { DAY, hostsOf, SECOND, type Site } from '@dialmark/shared';
import type { Client } from '../../admission/client.ts';
import type { CookiePolicy } from '../../platform/cookie.ts';

/**
 * Returns the visitor cookie to set for a site whose edge is on its own domain (`snippet.cookie.firstParty`); null if
 * nothing is to be set. The cookie that the request carried is set again as it was, which lifts the seven days that Safari gives cookies
 * set by scripts (https://webkit.org/tracking-prevention/#intelligent-tracking-prevention-itp). Nothing is made up
 * here: where the snippet has stored nothing, for want of consent say, there is nothing to set again, and an answer
 * that comes late to a session that is over brings nothing back.
 *
 * @param withdrawn consent was taken back: the cookie is deleted
 */
export function visitorCookie(
  site: Pick<Site, 'id' | 'origins' | 'snippet'>,
  visit: { visitor: string | null; session: string },
  { origin, host, cookies }: Pick<Client, 'origin' | 'host' | 'cookies'>,
  withdrawn: boolean,
): CookiePolicy | null {
  const { firstParty, days = 395 } = site.snippet.cookie ?? {};
  if (!firstParty || origin === null || !URL.canParse(origin)) return null;
  const page = new URL(origin);
  const domain = cookieDomain(site.origins, page.hostname, host);
  const value = withdrawn ? '' : cookies.find((each) => each.startsWith(`${visit.visitor}~${visit.session}~`));
  if (domain === null || value === undefined) return null;
  return {
    name: `dialmark_${site.id}`,
    value,
    maxAgeSeconds: withdrawn ? 0 : (days * DAY) / SECOND,
    domain: domain || null,
    secure: page.protocol === 'https:',
  };
}

/**
 * Returns the domain that the snippet has found by trying, without its way of trying: what the hosts of page and edge have in
 * common, or a wider host among the site's own origins that both are below (page and edge may be one host, `www` say).
 * A public suffix needs no list here: browsers refuse it. Null if the two have nothing in common, empty where the
 * cookie is of one host only.
 */
function cookieDomain(origins: readonly string[], page: string, edge: string): string | null {
  const isName = /^(?!.*\.\d+$)[^:[\]]+\.[^:[\]]+$/;
  if (!isName.test(page) || !isName.test(edge)) return page === edge ? '' : null;
  const [pageLabels, edgeLabels] = [page, edge].map((host) => host.split('.').reverse()) as [string[], string[]];
  const apart = pageLabels.findIndex((label, index) => label !== edgeLabels[index]);
  const common = pageLabels.slice(0, apart < 0 ? undefined : apart).reverse();
  if (common.length < 2) return null;
  const hosts = new Set(hostsOf(origins));
  const wider = common.map((_, index) => common.slice(index).join('.')).slice(0, -1);
  return wider.findLast((host) => hosts.has(host)) ?? (wider[0] as string);
}
