import type { EpochMs } from '@dialmark/shared';
import { calledBefore, type InOrder } from '../attribution/first-call.ts';
import type { PoolCore } from '../core.ts';
import { hashesOf } from '../leases/client-address.ts';
import type { Layout } from './layout.ts';
import { countMoving, type Moved, unpackNumber } from './moves.ts';
import type { Peer } from './peer.ts';

/** The operations that a site's shards call on each other. */
export class ShardOperations {
  readonly #core: PoolCore;

  constructor(core: PoolCore) {
    this.#core = core;
  }

  /** Returns how the site is spread; null for a site that does not exist. */
  layout(): Layout | null {
    return this.#core.memory?.layout ?? null;
  }

  async grant(...[address, wanted]: Parameters<Peer['shards']['grant']>): Promise<number> {
    if (!this.#core.memory) return wanted;
    const hashes = await hashesOf(this.#core, address);
    return this.#core.memory?.admission.grant({ ...hashes, visitor: null }, wanted, Date.now() as EpochMs) ?? wanted;
  }

  adopt(moved: Moved): void {
    if (!this.#core.memory) throw new Error('a shard that is not configured cannot adopt');
    this.#core.change(() => unpackNumber(this.#core.store, moved));
    this.#core.reload();
  }

  moving(): number {
    const { memory } = this.#core;
    return memory ? countMoving(memory, Date.now() as EpochMs) : 0;
  }

  finishMove(moved: Layout): void {
    const { memory, store } = this.#core;
    if (memory?.layout.shards !== moved.shards || memory.layout.before !== moved.before) return;
    this.#core.change(() => store.sites.save(memory.site, { shards: moved.shards, before: null }, memory.shard));
    this.#core.reload();
  }

  calledBefore(caller: string, theirs: InOrder): boolean {
    const { memory } = this.#core;
    return memory !== null && this.#core.change(() => calledBefore(memory, caller, theirs));
  }
}
