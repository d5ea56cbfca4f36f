import type { PrintedNumber, Printing } from '../core/contract.ts';
import { type Forms, formsOf } from '../core/forms.ts';

/** A number to look for: its id, the three forms it is printed in, and the links it may be swapped in. */
export interface LocateTarget extends PrintedNumber {
  id: string;
  links?: { sms?: boolean; whatsapp?: boolean } | undefined;
  /** Other forms of its country, from the edge. */
  printing?: Printing | undefined;
}

/** A target, and the number that is shown for it; nullish while that is the printed one. */
export interface SwapTarget extends Omit<LocateTarget, 'printing'>, Forms {
  shown?: Forms | null;
}

/** A number looked for, and the target that it is printed or shown for. */
export interface Known extends Forms {
  target: SwapTarget;
}

export interface Targets {
  targets: SwapTarget[];
  /** Targets first, then every number ever shown for one: a copy that the page made of our text is known again. */
  numbers: Known[];
  /** The number to show instead of a target from the next scan on; null for the printed number. */
  show(target: string, number: PrintedNumber | null): void;
}

/** The numbers to find on a page, and their replacements. */
export function createTargets(printed: readonly LocateTarget[]): Targets {
  const targets: SwapTarget[] = printed.map((each) => formsOf(each));
  const numbers: Known[] = targets.map((target) => ({ ...target, target }));
  return {
    targets,
    numbers,
    show(id, number) {
      const target = targets.find((each) => each.id === id);
      if (!target) return;
      target.shown = number && formsOf(number, target.printing);
      // Another country prints by its own rules.
      if (target.shown && target.shown.countryCode !== target.countryCode)
        target.shown = formsOf(number as PrintedNumber, {});
      if (target.shown && !numbers.some((known) => known.number === target.shown?.number))
        numbers.push({ ...target.shown, target });
    },
  };
}
