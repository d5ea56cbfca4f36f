import type { EpochMs } from '@dialmark/shared';

/** Bindings that an address bindings, with their expiry: as many as it may hold and those that ran out since. */
export class LiveBindings {
  readonly #untilOf = new Map<string, Map<number, EpochMs>>();
  #untilSweep = 1000;

  /** Notes a binding, or that it lasts longer or shorter than it did. */
  note(key: string, binding: number, until: EpochMs, now: EpochMs): void {
    const bindings = this.#untilOf.get(key);
    if (bindings) bindings.set(binding, until);
    else this.#untilOf.set(key, new Map([[binding, until]]));
    if (--this.#untilSweep > 0) return;
    // Once for as many notes as there are keys: constant cost a note.
    for (const each of [...this.#untilOf.keys()]) this.count(each, now);
    this.#untilSweep = Math.max(1000, this.#untilOf.size);
  }

  /** Returns how many are live at a moment. */
  count(key: string, now: EpochMs): number {
    const bindings = this.#untilOf.get(key);
    if (!bindings) return 0;
    for (const [binding, until] of bindings) if (until <= now) bindings.delete(binding);
    if (bindings.size === 0) this.#untilOf.delete(key);
    return bindings.size;
  }
}
