import type { PrintedNumber, SnippetConfig } from './contract.ts';
import type { TouchEvidence } from './visit.ts';

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
  for (const { target, match, ...number } of sources) {
    const { landingPage: page, referrer: from, clickId } = match;
    if (
      !(target in decided) &&
      (!page || pathFits(page, url)) &&
      (!clickId || parametersOf(url).some(([name]) => name.toLowerCase() === clickId.toLowerCase())) &&
      (!from || hostFits(from, referrer))
    )
      decided[target] = match.source || match.medium || match.campaign || match.channel ? null : number;
  }
  return decided;
}

function parse(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

function parametersOf(address: string): [string, string][] {
  return [...(parse(address)?.searchParams ?? [])];
}

/** An exact path, or one with `*` for any run of characters; with a `?` the query is part of it. */
function pathFits(pattern: string, address: string): boolean {
  const url = parse(address);
  const pieces = pattern.replace(/[\\^$.|?+()[\]{}]/g, '\\$&').replace(/\*+/g, '[^]*');
  return !!url && new RegExp(`^${pieces}$`).test(url.pathname + (pattern.includes('?') ? url.search : ''));
}

/** A host or one above it: `google.com` fits `www.google.com`, not `notgoogle.com`. */
function hostFits(suffix: string, referrer: string): boolean {
  return `.${parse(referrer)?.hostname}`.endsWith(`.${suffix.toLowerCase().replace(/^\./, '')}`);
}
