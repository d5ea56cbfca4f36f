import type { SourceRule } from './number.ts';

/** A number in the three forms a page may print it in. */
export interface PrintedNumber {
  /** E.164. */
  number: string;
  national: string;
  /** With the country code set off by a space: `+44 20 7946 0958`. */
  international: string;
}

/**
 * What the Worker inlines before the script it serves at `/s/{site}.js`, and what integrators hand to `createDialmark`.
 * Public: it holds nothing that a visitor may not see.
 */
export interface SnippetConfig {
  /** The site's public key. */
  site: string;
  /** Origin of the edge, without a trailing slash. */
  edge: string;
  /** Covers script and configuration. */
  version?: string;
  targets: (PrintedNumber & { id: string; links?: { sms?: boolean; whatsapp?: boolean } })[];
  /** Source numbers in the order in which their rules are tried, for those the browser can decide by itself. */
  sources?: (PrintedNumber & { target: string; match: SourceRule })[];
  session?: { timeoutSeconds: number };
  consent?: 'implied' | 'required';
  /**
   * When numbers are asked for: `target` (default) once a target is on the page, `load` on every page, `visible` once
   * a target is in view.
   */
  lease?: 'target' | 'load' | 'visible';
  /**
   * `days` is the cookie's lifetime, 395 by default. `firstParty`: the edge is a route or subdomain of the site's own
   * domain and sets the same cookie itself, which lifts the 7-day cap that Safari puts on cookies set by scripts.
   */
  cookie?: { days?: number; firstParty?: boolean };
  /**
   * When text is swapped on pages that look server-rendered: `auto` (default) waits for their framework, `now` never
   * waits, `idle` always waits until the page has loaded and come to rest.
   */
  hydration?: 'auto' | 'now' | 'idle';
}
