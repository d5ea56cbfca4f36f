import { wildcardFits } from '@dialmark/shared/source-rule';
import type { PrintedNumber, SnippetConfig, TouchEvidence } from './contract.ts';

/**
 * The source numbers that landing page and referrer decide by themselves, by target. The same rules as the edge's
 * `ruleFits`, in fewer bytes; a test holds the two together. Where a rule could only be decided with a classified
 * source, nothing after it can be: the edge is asked.
 */
export function sourceNumbers(
  sources: NonNullable<SnippetConfig['sources']>,
  { url, referrer }: TouchEvidence,
): Record<string, PrintedNumber | null> {
  const decided: Record<string, PrintedNumber | null> = {};
  const page = parse(url);
  for (const { target, match, ...number } of sources) {
    const { landingPage, referrer: from, clickId, ...classified } = match;
    if (
      !(target in decided) &&
      (!landingPage || pathFits(landingPage, page)) &&
      (!clickId || [...page.searchParams.keys()].some((name) => name.toLowerCase() === clickId.toLowerCase())) &&
      (!from || hostFits(from, parse(referrer)))
    )
      decided[target] = Object.values(classified).some(Boolean) ? null : number;
  }
  return decided;
}

/** An unusable address counts as that of an empty page. */
function parse(address: string): URL {
  try {
    return new URL(address);
  } catch {
    return new URL('about:blank');
  }
}

/** An exact path, or one with `*` for any run of characters; with a `?` the query is part of it. */
function pathFits(pattern: string, { pathname, search }: URL): boolean {
  return wildcardFits(pattern, pathname + (pattern.includes('?') ? search : ''));
}

/** A host or one above it: `google.com` fits `www.google.com`, not `notgoogle.com`. */
function hostFits(suffix: string, { hostname }: URL): boolean {
  return `.${hostname}`.endsWith(`.${suffix.toLowerCase().replace(/^\./, '')}`);
}
