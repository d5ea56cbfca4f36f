import { useEffect } from 'preact/hooks';
import { guardLeaving } from '../model/route.ts';

const QUESTION = 'You have unsaved changes. Leave this page?';

/** Asks before the page is left, by a link, the way back or by closing the tab, while something is not saved. */
export function useLeaveWarning(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return;
    // The browser asks in its own words.
    const closing = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', closing);
    const unguard = guardLeaving(() => confirm(QUESTION));
    return () => {
      removeEventListener('beforeunload', closing);
      unguard();
    };
  }, [unsaved]);
}
