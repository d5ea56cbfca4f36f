import type { Assignment, PrintedNumber, SnippetConfig } from './core/contract.ts';
import type { Swap } from './page/trace.ts';

/**
 * The number shown for a target, with the reason; a source number decided in the page has no binding yet. As text the
 * national form.
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
  /** Configuration. */
  readonly config: SnippetConfig;
  /** Resolves once numbers are known, or with what there is when none can be had. Never rejects. */
  readonly ready: Promise<Readonly<Record<string, Shown>>>;
  /** Current numbers by target. */
  readonly numbers: Readonly<Record<string, Shown>>;
  /** The number of one target, null while there is none. */
  number(target: string): Shown | null;
  /** Looks at the page, or a part of it, at once; returns how many places changed. */
  rescan(root?: Node): number;
  /**
   * The visitor has agreed, or has withdrawn: then everything stored is deleted and printed numbers come back.
   *
   * @param byDefault it is what holds until the visitor says something, as consent managers state it on each page: it
   * withdraws nothing that was granted, and once the visitor has said something it counts no more
   */
  consent(granted: boolean, byDefault?: boolean): void;
  /**
   * Attaches data to the session: `tag({ plan: 'pro' })`. Anybody can say anything in a page, so `userId` joins visits only
   * together with the `userIdSignature` that the site's server made, and `value` counts only where the site takes values
   * from pages.
   */
  tag(data: Record<string, unknown>): void;
  /** Listens; returns what stops it. */
  on<Name extends keyof DialmarkEvents>(event: Name, listener: (detail: DialmarkEvents[Name]) => void): () => void;
  /** Ends everything and restores the page. */
  stop(): void;
}
