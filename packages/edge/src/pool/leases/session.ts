import { classify, type EpochMs, hostsOf, type LeaseRequest, landingPath } from '@dialmark/shared';
import type { CountedClient } from '../../admission/client.ts';
import { keptAddress } from '../../admission/kept-address.ts';
import { OTHER } from '../../admission/keys-of-day.ts';
import { NO_VIEWS, withView } from '../store/page-views.ts';
import type { SessionRow } from '../store/rows.ts';
import type { Leasing } from './leasing.ts';

export function newSession(
  { site, nextSeq, keys }: Leasing,
  request: Pick<LeaseRequest, 'session' | 'visitor' | 'page'> & Partial<Pick<LeaseRequest, 'touch'>>,
  client: CountedClient,
  now: EpochMs,
): SessionRow {
  const given = request.touch ?? request.page;
  const landing = { url: keptAddress(given.url), referrer: keptAddress(given.referrer ?? '') || null };
  const { clickIds, channel, ...touch } = classify(landing, {
    ownHosts: hostsOf(site.origins),
    ignoredHosts: site.ignoredReferrers,
  });
  const counted = (dimension: string, value: string | null) =>
    value === null || keys.admits(dimension, value, now) ? value : OTHER;
  return {
    seq: nextSeq(now),
    id: request.session,
    visitor: request.visitor,
    startedAt: now,
    lastActiveAt: now,
    landingPage: keys.admits('landing_page', landingPath(landing.url), now) ? landing.url : otherPage(landing.url),
    referrer: keys.admits('referrer', hostOf(landing.referrer), now) ? landing.referrer : `https://${OTHER}/`,
    source: counted('source', touch.source) ?? OTHER,
    medium: counted('medium', touch.medium) ?? OTHER,
    campaign: counted('campaign', touch.campaign),
    term: counted('term', touch.term),
    content: counted('content', touch.content),
    channel,
    clickIds,
    pages: 0,
    views: NO_VIEWS,
    lastUrl: null,
    device: client.device,
    country: client.country,
    tags: null,
    bindings: {},
  };
}

function hostOf(referrer: string | null): string {
  return referrer !== null && URL.canParse(referrer) ? new URL(referrer).hostname : '';
}

/** Returns a landing page that is counted with the rest of its day; the facts in its query stay. */
function otherPage(url: string): string {
  return URL.canParse(url) ? `${new URL(url).origin}/${OTHER}${new URL(url).search}` : `/${OTHER}`;
}

/** Counts a page view. The first one is the visit's beginning. */
export function viewPage(session: SessionRow, url: string, now: EpochMs): void {
  session.views = withView(session.views, session, url, session.pages === 0 ? session.startedAt : now);
  session.pages++;
  session.lastUrl = url;
}

const TAGS_BYTES = 8192;

/** Later tags replace earlier ones of the same name; a visit keeps at most 8 kB of them. */
export function mergeTags(
  tags: Record<string, unknown> | null,
  added: Record<string, unknown>,
): Record<string, unknown> {
  const merged = { ...tags, ...added };
  return JSON.stringify(merged).length <= TAGS_BYTES ? merged : (tags ?? {});
}
