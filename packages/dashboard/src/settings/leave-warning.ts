import { useEffect } from 'preact/hooks';

const QUESTION = 'What you changed here is not saved. Leave all the same?';

/** Asks before the page is left, by a link, the way back or by closing the tab, while something is not saved. */
export function useLeaveWarning(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return;
    const closing = (event: BeforeUnloadEvent) => event.preventDefault();
    // Before the router hears of it; the address is what it was again where one stays.
    const leaving = (event: HashChangeEvent) => {
      if (!event.oldURL || event.oldURL === event.newURL || confirm(QUESTION)) return;
      event.stopImmediatePropagation();
      history.replaceState(null, '', event.oldURL);
    };
    addEventListener('beforeunload', closing);
    addEventListener('hashchange', leaving, { capture: true });
    return () => {
      removeEventListener('beforeunload', closing);
      removeEventListener('hashchange', leaving, { capture: true });
    };
  }, [unsaved]);
}
