import type { ServedPage, Site, TrackingNumber } from '@dialmark/shared';
import { type LocateTarget, locate, type Place, swap } from '@dialmark/snippet';
import { printedForms } from '../model/format.ts';

/** A number on a page, and what the script would do with it. */
export interface FoundNumber {
  target: string;
  kind: Place['kind'];
  /** As it is printed. */
  text: string;
  /** The text a visitor would see, with the example number; null if it is left alone. */
  swapped: string | null;
  /** Why it is left alone. */
  why: NonNullable<Place['leftAlone']> | null;
}

/** What is asked of a tracking number. */
export type Tracking = Pick<TrackingNumber, 'number' | 'kind' | 'name'>;

/** The findings in a page's HTML, before any script runs. */
export interface PageFindings {
  /** Number of times the page loads the site's script. */
  tags: number;
  /** A tag manager, which may bring the script later. */
  tagManager: boolean;
  /** Those that would be swapped first. */
  numbers: FoundNumber[];
  /** The problems that keep calls from being attributed, in words. */
  warnings: string[];
}

const GOOGLE_SWAPS = 'script[src*="gstatic.com/wcm"], script[src*="/wcm/loader"]';
const OTHERS = 'script[src*="callrail.com"], script[src*="calltrk.com"], script[src*="tctm.co"], script[src*="invoca"]';

/**
 * Reads a page as the script would, without running anything of it.
 *
 * @param tracking the site's tracking numbers; the first of the pool is used as the number that a visitor would be shown
 * @param edge where the script comes from
 */
export function pageFindings(
  page: ServedPage & { html: string },
  site: Pick<Site, 'id' | 'targets'>,
  tracking: readonly Tracking[],
  edge: string,
): PageFindings {
  const parsed = parse(page.html);
  const scripts = [...parsed.querySelectorAll<HTMLScriptElement>('script[src]')].map((script) => ({
    script,
    src: addressOf(script.getAttribute('src') ?? '', page.url),
  }));
  const own = scripts.filter(({ src }) => src && isScriptOf(src.pathname, site.id));
  const tagManager = scripts.some(({ src }) => src?.host === 'www.googletagmanager.com' && src.pathname === '/gtm.js');
  const inline = [...parsed.scripts].some(
    (script) => !script.src && script.text.includes('googletagmanager.com/gtm.js'),
  );
  const targets: LocateTarget[] = site.targets.map(({ id, number }) => ({ id, ...printedForms(number) }));
  const example = tracking.find(({ kind }) => kind === 'pool') ?? tracking[0];
  const numbers = numbersOn(parsed, targets, example?.number);
  return {
    tags: own.length,
    tagManager: tagManager || inline,
    numbers,
    warnings: [
      ...tagWarnings(own, edge, parsed),
      ...copiedInto(parsed, tracking).map(copiedWarning),
      ...policyWarnings(page.contentSecurityPolicy, edge),
      ...(parsed.querySelector(GOOGLE_SWAPS)
        ? [
            'Google’s own number swapping (website call conversions) is on this page. The two would overwrite each other.',
          ]
        : []),
      ...(parsed.querySelector(OTHERS) ? ['Another call tracking script is on this page.'] : []),
    ],
  };
}

function numbersOn(page: Document, targets: readonly LocateTarget[], example: string | undefined): FoundNumber[] {
  const places = locate(page, targets, { nearMisses: true }).filter(({ kind }) => kind !== 'named');
  const shown = example === undefined ? null : printedForms(example);
  const before = places.map(({ nodes }) => nodes.map((node) => node.nodeValue ?? ''));
  const swapped = shown && swap(page, targets, Object.fromEntries(targets.map(({ id }) => [id, shown])));
  const found = places.map(({ target, kind, text, nodes, leftAlone }, i) => {
    const [whole, now] = [(before[i] ?? []).join(''), nodes.map((node) => node.nodeValue ?? '').join('')];
    const start = whole.indexOf(text);
    const seen = now.slice(start, now.length - (whole.length - start - text.length)).trim();
    return { target, kind, text: text.trim(), swapped: leftAlone ? null : seen, why: leftAlone ?? null };
  });
  swapped?.restore();
  return found.sort((a, b) => Number(a.why !== null) - Number(b.why !== null));
}

/** Returns the source numbers that stand in a page as it is served: whoever calls them from there counts for something else. */
export function sourceNumbersIn(html: string, tracking: readonly Tracking[]): Tracking[] {
  return copiedInto(
    parse(html),
    tracking.filter(({ kind }) => kind === 'source'),
  );
}

/** Tracking numbers that somebody copied into the page. */
function copiedInto(page: Document, tracking: readonly Tracking[]): Tracking[] {
  const found = locate(
    page,
    tracking.map(({ number }) => ({ id: number, ...printedForms(number) })),
  );
  const ids = new Set(found.map(({ target }) => target));
  return tracking.filter(({ number }) => ids.has(number));
}

function copiedWarning({ number, kind, name }: Tracking): string {
  const { national } = printedForms(number);
  if (kind === 'source') {
    return `${national} is a source number${name ? ` (${name})` : ''}, but the page itself contains it. Calls from the page count for that source, not for the visit. Use the business’s own number instead.`;
  }
  return `${national} is a tracking number, but the page itself contains it. Calls to it can’t be matched to a visit. Use the business’s own number instead.`;
}

function parse(html: string): Document {
  return new DOMParser().parseFromString(html, 'text/html');
}

function tagWarnings(own: { script: HTMLScriptElement; src: URL | null }[], edge: string, page: Document): string[] {
  const warnings: string[] = [];
  if (own.length > 1) warnings.push(`The script is on the page ${own.length} times. Once is enough.`);
  const [first] = own;
  if (first?.src && first.src.origin !== edge) {
    warnings.push(`The script comes from ${first.src.origin}, not from this deployment.`);
  }
  if (first && !page.head.contains(first.script)) {
    warnings.push('The script is in the body. In the head, it swaps numbers before the page appears.');
  }
  return warnings;
}

/** Returns what a Content Security Policy blocks: loading the script, or requesting a number. */
function policyWarnings(policy: string | null, edge: string): string[] {
  if (policy === null) return [];
  const directives = new Map(
    policy.split(';').map((text) => {
      const [name = '', ...sources] = text.trim().split(/\s+/);
      return [name.toLowerCase(), sources] as const;
    }),
  );
  const allows = (name: string) => {
    const sources = directives.get(`${name}-elem`) ?? directives.get(name) ?? directives.get('default-src');
    const { host, protocol } = new URL(edge);
    return (
      !sources ||
      sources.some(
        (source) =>
          source === '*' ||
          source === protocol ||
          source.replace(/^https?:\/\//, '').replace(/\/.*$/, '') === host ||
          (source.includes('*.') && host.endsWith(source.slice(source.indexOf('*.') + 1))) ||
          (name === 'script-src' && source.startsWith("'nonce-")) ||
          (name === 'script-src' && source === "'strict-dynamic'"),
      )
    );
  };
  return ['script-src', 'connect-src']
    .filter((name) => !allows(name))
    .map((name) => `The page’s Content-Security-Policy blocks the script. Add ${edge} to ${name}.`);
}

function isScriptOf(path: string, site: string): boolean {
  const file = /^\/s\/([^/@]+)(@[^/]+)?\.js$/.exec(path)?.[1];
  return file !== undefined && decodeURIComponent(file) === site;
}

function addressOf(src: string, base: string): URL | null {
  return URL.canParse(src, base) ? new URL(src, base) : null;
}
