import type { EpochMs, Site } from '@dialmark/shared';
import type { Admission } from '../../admission/admission.ts';
import type { KeysOfDay } from '../../admission/keys-of-day.ts';
import type { Counters } from '../monitoring/counters.ts';
import type { NumberRow } from '../store/rows.ts';
import type { PoolStore } from '../store/store.ts';
import type { Allocator } from './allocator.ts';

/** The parts of a pool that a lease or an event works on. */
export interface Leasing {
  readonly site: Site;
  readonly store: PoolStore;
  readonly allocator: Allocator;
  readonly admission: Admission;
  readonly keys: KeysOfDay;
  readonly counters: Counters;
  /** Active source numbers by target, in the order in which their rules are tried. */
  readonly sources: ReadonlyMap<string, readonly NumberRow[]>;
  readonly nextSeq: (now: EpochMs) => number;
}
