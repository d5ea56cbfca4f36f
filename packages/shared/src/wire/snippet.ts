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
 * A country's forms of a number beside the usual three, from the edge's table of countries; expressions are in the
 * syntax of JavaScript.
 */
export interface Printing {
  /** Prefix dialed before the number inside the country, beside the one that `national` shows; `.` is any digit. */
  trunks?: string[];
  /**
   * Other digits that the number is printed with: what is replaced in the digits after the country code, and by what.
   * `local` where the area code is left out, so that no other may stand before it.
   */
  also?: { pattern: string; replacement: string; local?: boolean }[];
  /** Characters between digits beside the usual ones, as in a character class. */
  marks?: string;
  /**
   * An expression that a place fits where the number is called there: no date, no price, no coincidence. It sees the
   * number between two `\0`, and up to 48 characters of its block before and 32 behind. Not asked in links that dial.
   */
  called?: string;
  /** Words for an extension that may be glued to the number, beside `ext` and `x`; alternatives of an expression. */
  extensions?: string;
  /**
   * Words before a second line in short form, beside signs and the words that the script knows; alternatives likewise.
   */
  between?: string;
  /** Numbers for emergencies, which are no second lines, beside 112 and 911; alternatives likewise. */
  emergency?: string;
}

/**
 * Configuration that the Worker inlines before the script at `/s/{site}.js`, and that integrators pass to
 * `createDialmark`. Public: it holds nothing that a visitor may not see.
 */
export interface SnippetConfig {
  /** The site's public key. */
  site: string;
  /** Origin of the edge, without a trailing slash. */
  edge: string;
  /** Covers script and configuration. */
  version?: string;
  targets: (PrintedNumber & { id: string; links?: { sms?: boolean; whatsapp?: boolean }; printing?: Printing })[];
  /** Source numbers in the order in which their rules are tried, for those the browser can decide by itself. */
  sources?: (PrintedNumber & { target: string; match: SourceRule })[];
  session?: { timeoutSeconds: number };
  consent?: 'implied' | 'required';
  /** What the site keeps of forms that are sent; left out: nothing. */
  forms?: 'count' | 'contact';
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
