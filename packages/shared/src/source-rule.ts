import type { SourceRule } from './wire/number.ts';
import type { Touch } from './wire/session.ts';

/** The facts that a rule is judged on: how the session began. */
export interface RuleFacts {
  /** The session's landing page, as the browser gave it. */
  url: string;
  referrer: string | null;
  touch: Pick<Touch, 'source' | 'medium' | 'campaign' | 'channel' | 'clickIds'>;
}

/**
 * Returns the tier of a rule (DESIGN section 4): landing page or query first, then referrer, then source, medium,
 * campaign and channel.
 */
function tier(rule: SourceRule): 0 | 1 | 2 {
  if (rule.landingPage !== undefined || rule.clickId !== undefined) return 0;
  return rule.referrer !== undefined ? 1 : 2;
}

/** Orders rules as they are tried: by tier, then the one with more fields. Stable, so the older rule stays first. */
export function byPrecedence<T extends { match: SourceRule }>(rules: readonly T[]): T[] {
  const fields = (rule: SourceRule) => Object.values(rule).filter((field) => field !== undefined).length;
  return [...rules].sort((a, b) => tier(a.match) - tier(b.match) || fields(b.match) - fields(a.match));
}

/** Returns whether all of a rule's fields fit. Paths are compared as they stand, all else without case. */
export function ruleFits(rule: SourceRule, facts: RuleFacts): boolean {
  const { touch } = facts;
  return (
    (rule.landingPage === undefined || pathFits(rule.landingPage, facts.url)) &&
    (rule.clickId === undefined || Object.keys(touch.clickIds).some((id) => same(id, rule.clickId as string))) &&
    (rule.referrer === undefined || hostFits(rule.referrer, facts.referrer)) &&
    (rule.source === undefined || same(rule.source, touch.source)) &&
    (rule.medium === undefined || same(rule.medium, touch.medium)) &&
    (rule.campaign === undefined || same(rule.campaign, touch.campaign ?? '')) &&
    (rule.channel === undefined || same(rule.channel, touch.channel))
  );
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Matches an exact path, or one with `*` for any run of characters; with a `?` the query is part of it. */
function pathFits(pattern: string, address: string): boolean {
  const url = parse(address);
  if (!url) return false;
  return wildcardFits(pattern, pattern.includes('?') ? url.pathname + url.search : url.pathname);
}

/** Returns whether a text fits a pattern as a whole, `*` standing for any run of characters. */
export function wildcardFits(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const last = parts.length - 1;
  let at = 0;
  return (
    parts.every((part, index) => {
      const from = index ? (index < last ? text.indexOf(part, at) : text.length - part.length) : 0;
      const fits = from >= at && text.startsWith(part, from);
      at = from + part.length;
      return fits;
    }) && at === text.length
  );
}

/** `google.com` fits itself and `www.google.com`, not `notgoogle.com`. */
function hostFits(suffix: string, referrer: string | null): boolean {
  const host = referrer === null ? undefined : parse(referrer)?.hostname;
  const wanted = suffix.toLowerCase().replace(/^\./, '');
  return host !== undefined && (host === wanted || host.endsWith(`.${wanted}`));
}

function parse(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}
