import type { FieldError } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import { useEffect, useMemo } from 'preact/hooks';
import { plainWords } from './plain-words.ts';

/** What the API found wrong in a form: each fault at its field, and what no field has said for the form as a whole. */
export class Faults {
  readonly #all: readonly FieldError[];
  readonly #said = new Set<string>();

  constructor(error: unknown) {
    this.#all = error instanceof DialmarkError ? (error.problem.errors ?? []) : [];
  }

  /** What is wrong with the field of this path. It counts as said: its field shows it. */
  at = (path: string): string | undefined => {
    this.#said.add(path);
    const fault = this.#all.find((each) => each.path === path);
    return fault && plainWords(fault);
  };

  get any(): boolean {
    return this.#all.length > 0;
  }

  /** Faults that no field of the form shows. */
  get unsaid(): FieldError[] {
    return this.#all.filter(({ path }) => !this.#said.has(path));
  }
}

/** The faults of what was last refused; the first field that has one gets the focus, in whatever is folded away. */
export function useFaults(error: unknown): Faults {
  const faults = useMemo(() => new Faults(error), [error]);
  useEffect(() => {
    if (!faults.any) return;
    const form = document.querySelector('dialog[open]') ?? document;
    const field = form.querySelector<HTMLElement>('[aria-invalid]');
    for (let folded = field?.closest('details'); folded; folded = folded.parentElement?.closest('details')) {
      folded.open = true;
    }
    field?.focus();
  }, [faults]);
  return faults;
}
