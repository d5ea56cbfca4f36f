import type { Running } from '../running.ts';

/**
 * Follows what the visitor agrees to; see `Dialmark.consent`.
 *
 * @param notify reports to the edge
 * @param forget deletes what is stored
 */
export function createConsent(
  running: Running,
  notify: (granted: boolean) => void,
  forget: () => void,
): { setConsent(agreed: boolean, byDefault?: boolean): void; visitLeft(): void } {
  const { gpc, known } = running;
  /** True if the visitor has answered on this page. */
  let said = false;

  return {
    setConsent(agreed, byDefault) {
      if (running.isStopped || running.options.quiet || (byDefault && (said || known || (agreed && gpc)))) return;
      said ||= !byDefault;
      // Nobody has granted anything yet that a default interrupted: there is nothing to withdraw, and a visitor who agrees
      // goes on.
      if ((!agreed && running.held) || (agreed === running.allowed && !running.visit === !agreed)) return;
      // Said while there is a visit to say it of: before that is forgotten, or once it has begun.
      if (said) notify(agreed);
      running.allowed = agreed;
      if (!agreed) {
        if (byDefault) running.held = running.visit;
        running.visit = undefined;
        forget();
        for (const id of running.ids) {
          delete running.numbers[id];
          running.targets.show(id, null);
        }
      }
      if (running.landing) running.enter(running.landing);
      if (said) notify(agreed);
    },

    /** Only when the page is left is it certain that a visit was refused which a default had interrupted. */
    visitLeft() {
      const { held } = running;
      if (!said || !held?.answer) return;
      running.visit = held;
      notify(false);
      running.visit = running.held = undefined;
    },
  };
}
