import type { E164 } from '@dialmark/shared';
import type { Leasing } from '../leases/leasing.ts';
import type { NumberRow } from '../store/rows.ts';
import type { SiteHabits } from './habits.ts';

/** The parts of a pool that find the visit a call came from. */
export interface Attributing extends Pick<Leasing, 'site' | 'store' | 'counters'> {
  readonly numbers: ReadonlyMap<E164, NumberRow>;
  readonly habits: SiteHabits;
}
