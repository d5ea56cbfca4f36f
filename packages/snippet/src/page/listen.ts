export type Listen = (to: EventTarget | undefined, names: string, listener: (event: never) => void) => void;

/** Returns a function that listens to events, given by their names in one string, until `signal` aborts. */
export function listenUntil(signal: AbortSignal): Listen {
  return (to, names, listener) => {
    for (const name of names.split(' '))
      to?.addEventListener(name, listener as EventListener, { capture: true, passive: true, signal });
  };
}
