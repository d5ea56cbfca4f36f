/**
 * The public types, written out so that the package stands alone without the schemas; `contract.test.ts` holds them
 * to those.
 */

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

export type FallbackReason = 'exhausted' | 'bot' | 'rate_limited' | 'no_rule' | 'consent';

/** The number to show in a target's places on the page. */
export type Assignment =
  | (PrintedNumber & { kind: 'pool' | 'source' | 'shared'; binding: string; expiresAt: string })
  | (PrintedNumber & { kind: 'fallback'; reason: FallbackReason; binding: string; expiresAt: string })
  | {
      kind: 'none';
      reason: FallbackReason;
      number: null;
      national: null;
      international: null;
      binding: null;
      expiresAt: null;
    };

/** The answer to a lease request. */
export interface LeaseAnswer {
  numbers: Record<string, Assignment>;
  /** Say that the visitor is there this long after the last time, or the numbers expire. */
  renewAfterSeconds: number;
}

/** When a source number is shown: all fields must fit. */
export interface SourceRule {
  landingPage?: string | undefined;
  referrer?: string | undefined;
  source?: string | undefined;
  medium?: string | undefined;
  campaign?: string | undefined;
  channel?: string | undefined;
  clickId?: string | undefined;
}

/** A site as the snippet sees it: what `GET /s/{site}.js` has inlined. */
export interface SnippetConfig {
  /** The site's public key. */
  site: string;
  /** Origin of the edge, without a trailing slash. */
  edge: string;
  version?: string;
  targets: (PrintedNumber & { id: string; links?: { sms?: boolean; whatsapp?: boolean }; printing?: Printing })[];
  /** Source numbers in the order in which their rules are tried. */
  sources?: (PrintedNumber & { target: string; match: SourceRule })[];
  session?: { timeoutSeconds: number };
  consent?: 'implied' | 'required';
  /** What the site keeps of forms that are sent; left out: nothing. */
  forms?: 'count' | 'contact';
  /** When numbers are asked for: once a target is on the page (default), on every page, or once one is in view. */
  lease?: 'target' | 'load' | 'visible';
  cookie?: { days?: number; firstParty?: boolean };
  /** When text is swapped on pages that look server-rendered. */
  hydration?: 'auto' | 'now' | 'idle';
}

/** The beginning of a session, as the browser saw it. */
export interface TouchEvidence {
  url: string;
  referrer: string;
}
