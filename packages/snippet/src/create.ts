import type { Dialmark, DialmarkOptions } from './api.ts';
import { startDialmark } from './dialmark.ts';
import { inert } from './inert.ts';
import { joinRest } from './rest.ts';
import { runningOf } from './running-of.ts';

/**
 * Starts Dialmark on the current page; on a server it does nothing, and `ready` resolves without numbers.
 *
 * @example
 * const dialmark = createDialmark({ site: 'acme', edge: 'https://calls.acme.example', targets: [...] });
 * await dialmark.ready;
 * String(dialmark.number('main')); // '(415) 555-0132'
 */
export function createDialmark(options: DialmarkOptions): Dialmark {
  if (typeof document === 'undefined') return inert(options);
  const { dialmark, running } = startDialmark(options);
  joinRest(running);
  runningOf.set(dialmark, running);
  return dialmark;
}
