import { keptForms } from '../../calls/caller-hash.ts';
import { workerKeys } from '../../env.ts';
import type { Part } from '../../platform/cursor.ts';
import { done, type Outcome, unknownSite } from '../../platform/result.ts';
import { type Journey, journeyOf } from '../attribution/journey.ts';
import type { PoolCore } from '../core.ts';
import type { PoolStore } from '../store/store.ts';

/** People: what a pool knows of them, and how it forgets them. */
export class PeopleOperations {
  readonly #core: PoolCore;

  constructor(core: PoolCore) {
    this.#core = core;
  }

  /** Returns a visitor's visits and calls, as far as this pool has them. */
  journey(visitor: string, part: Part): Outcome<Journey> {
    return this.#core.withSite((memory) => done(journeyOf(memory, visitor, part)));
  }

  /** Forgets a visitor, here at once and in the ledger as soon as it answers: normally before this does. */
  eraseVisitor(visitor: string): Promise<Outcome<null>> {
    return this.#erase((store) => store.forgetVisitor(visitor));
  }

  /** Forgets a caller, as `eraseVisitor`. A number is also forgotten in the hashed forms that the site may keep. */
  async eraseCaller(number: string): Promise<Outcome<null>> {
    const { memory, env } = this.#core;
    if (!memory) return unknownSite;
    for (const caller of await keptForms(memory.site.id, workerKeys(env), number)) {
      await this.#erase((store) => store.forgetCaller(caller));
    }
    return done(null);
  }

  /** Forgets an e-mail address, as `eraseVisitor`. */
  eraseEmail(email: string): Promise<Outcome<null>> {
    return this.#erase((store) => store.forgetEmail(email));
  }

  async #erase(forget: (store: PoolStore) => void): Promise<Outcome<null>> {
    const core = this.#core;
    if (!core.memory) return unknownSite;
    core.change(() => forget(core.store));
    core.reload();
    await core.feed.drain();
    return done(null);
  }
}
