import type { FieldError } from '@dialmark/shared';
import { DialmarkError } from '@dialmark/shared/client';
import { useEffect, useMemo } from 'preact/hooks';
import { plainWords } from './plain-words.ts';

/** The API's errors for a form: each at its field, and the rest for the whole form. */
export class FieldErrors {
  readonly #all: readonly FieldError[];
  readonly #said = new Set<string>();

  constructor(error: unknown) {
    this.#all = error instanceof DialmarkError ? (error.problem.errors ?? []) : [];
  }

  /** Returns the error of the field at this path, and marks it as shown. */
  at = (path: string): string | undefined => {
    this.#said.add(path);
    const found = this.#all.find((each) => each.path === path);
    return found && plainWords(found);
  };

  get any(): boolean {
    return this.#all.length > 0;
  }

  /** FieldErrors that no field of the form shows. */
  get unsaid(): FieldError[] {
    return this.#all.filter(({ path }) => !this.#said.has(path));
  }
}

/** Returns the errors of what was last refused, and focuses the first field that has one, even if it is folded away. */
export function useFieldErrors(error: unknown): FieldErrors {
  const fieldErrors = useMemo(() => new FieldErrors(error), [error]);
  useEffect(() => {
    if (!fieldErrors.any) return;
    const form = document.querySelector('dialog[open]') ?? document;
    const field = form.querySelector<HTMLElement>('[aria-invalid]');
    for (let folded = field?.closest('details'); folded; folded = folded.parentElement?.closest('details')) {
      folded.open = true;
    }
    field?.focus();
  }, [fieldErrors]);
  return fieldErrors;
}
