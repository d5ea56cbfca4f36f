import type { Assignment, PrintedNumber, SnippetConfig } from './core/contract.ts';
import type { Swap } from './page/trace.ts';

/**
 * The number shown for a target, with the reason. `String(shown)` is its national form. A source number that is decided
 * in the page has no binding yet.
 */
export type Shown = Assignment | (PrintedNumber & { kind: 'source'; binding: null; expiresAt: null });

/** Events, for `on` and, prefixed with `dialmark:`, in the DOM. */
export interface DialmarkEvents {
  number: { target: string; assignment: Shown };
  swap: Swap;
  error: { reason: string };
}

export interface DialmarkOptions extends SnippetConfig {
  /** False: numbers are requested and announced, and the page is left to you. */
  autoSwap?: boolean;
  /** Leaves the visitor alone: nothing is stored or sent. For previews. */
  quiet?: boolean;
}

export interface Dialmark {
  /** The configuration it was created with. */
  readonly config: SnippetConfig;
  /**
   * Resolves once the numbers are known, or that there are none. Never rejects.
   *
   * @example const { main } = await dialmark.ready;
   */
  readonly ready: Promise<Readonly<Record<string, Shown>>>;
  /**
   * The current numbers by target.
   *
   * @example Object.entries(dialmark.numbers).map(([target, shown]) => `${target}: ${shown}`);
   */
  readonly numbers: Readonly<Record<string, Shown>>;
  /**
   * Returns the number of a target; null while there is none.
   *
   * @example link.href = `tel:${dialmark.number('main')?.number ?? '+14155550100'}`;
   */
  number(target: string): Shown | null;
  /**
   * Scans the page, or a part of it, immediately. Only needed for content that the script cannot observe.
   *
   * @returns the number of places changed
   * @example dialmark.rescan(shadowRoot);
   */
  rescan(root?: Node): number;
  /**
   * Grants or withdraws consent. Withdrawal deletes everything stored and restores the printed numbers.
   *
   * @param byDefault true for the default that applies until the visitor answers, as consent managers state it on each
   * page. It never withdraws consent that was granted, and is ignored once the visitor has answered
   * @example banner.onAccept(() => dialmark.consent(true));
   */
  consent(granted: boolean, byDefault?: boolean): void;
  /**
   * Attaches data to the session. Anybody can send anything from a page, so `userId` only joins visits together with a
   * `userIdSignature` from the site's server, and `value` only counts if the site accepts values from pages.
   *
   * @example dialmark.tag({ plan: 'pro' });
   */
  tag(data: Record<string, unknown>): void;
  /**
   * Adds a listener. The same events fire on `document`, prefixed with `dialmark:`.
   *
   * @returns a function that removes it
   * @example const off = dialmark.on('number', ({ target, assignment }) => console.log(target, String(assignment)));
   */
  on<Name extends keyof DialmarkEvents>(event: Name, listener: (detail: DialmarkEvents[Name]) => void): () => void;
  /**
   * Restores the page and stops.
   *
   * @example useEffect(() => () => dialmark.stop(), []);
   */
  stop(): void;
}
