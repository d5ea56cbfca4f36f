import type { SourceRule } from './number.ts';

/** A number in the three forms a page may print it in. */
export interface PrintedNumber {
  /** E.164. */
  number: string;
  national: string;
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
  targets: (PrintedNumber & { id: string; links: { sms: boolean; whatsapp: boolean } })[];
  /** Source numbers in the order in which their rules are tried, for those the browser can decide by itself. */
  sources: (PrintedNumber & { target: string; match: SourceRule })[];
  session: { timeoutSeconds: number };
  consent: 'implied' | 'required';
}
