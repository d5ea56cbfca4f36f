import { useCallback, useSyncExternalStore } from 'react';
import type { Dialmark, Shown } from './api.ts';

/**
 * The number of a target, null until there is one and on the server: print your own number then.
 *
 * @example
 * const number = useDialmark(dialmark, 'main');
 * return <a href={`tel:${number?.number ?? '+14155550100'}`}>{number?.national ?? '(415) 555-0100'}</a>;
 */
export function useDialmark(dialmark: Dialmark, target: string): Shown | null {
  const subscribe = useCallback((changed: () => void) => dialmark.on('number', changed), [dialmark]);
  return useSyncExternalStore(
    subscribe,
    () => dialmark.number(target),
    () => null,
  );
}
