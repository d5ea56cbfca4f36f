import { type EpochMs, HOUR, type Site } from '@dialmark/shared';
import {
  type Bounds,
  boundsOf,
  holdsAllowed,
  judgeClient,
  judgeVisit,
  renewalsAllowed,
  type Verdict,
} from './decide.ts';
import { HourlyLimiter } from './limiter.ts';
import { LiveBindings } from './live-bindings.ts';
import { type VisitsByDay, visitsAt, withVisit } from './visits-by-day.ts';

/** The client as it is counted: keyed hashes of the address and of its /48; null if there is none. */
export interface Counting {
  address: string | null;
  block: string | null;
  visitor: string | null;
}

/** The storage key of the visit counts. */
export interface KeptVisits {
  visits: VisitsByDay;
}

/**
 * A shard's admission: what was counted, and the verdicts by it. In memory; numbers given within the hour and live bindings
 * are read from the log again at a start, visits without a number and renewals are forgotten.
 */
export class Admission {
  readonly #site: Site;
  readonly #shards: number;
  readonly #kept: KeptVisits;
  readonly #given = new HourlyLimiter();
  readonly #forms = new HourlyLimiter();
  readonly #renewals = new Map<string, number>();
  readonly #bindings = new LiveBindings();
  #renewalsHour = 0;
  #bounds: { hour: number; bounds: Bounds } | null = null;

  constructor(site: Site, shards: number, kept: KeptVisits) {
    this.#site = site;
    this.#shards = shards;
    this.#kept = kept;
  }

  /** Returns whether a visit that is not known may be stored. */
  judgeVisit(client: Counting, now: EpochMs): Verdict {
    const { inHour, inDay } = visitsAt(this.#kept.visits, now);
    return judgeVisit({ ...this.#counted(client, now), siteHour: inHour, siteDay: inDay }, this.#boundsAt(now));
  }

  /** Returns whether who asks may be given a number more. */
  judgeNumber(client: Counting, now: EpochMs): Verdict {
    return judgeClient(this.#counted(client, now), this.#boundsAt(now));
  }

  /** Returns whether who asks may hold one more of a target's numbers, of which there are so many. */
  judgeBinding({ address, block }: Counting, target: string, numbers: number, now: EpochMs): Verdict {
    const full = (key: string | null, of: 'address' | 'block') =>
      key !== null && this.#bindings.count(`${target} ${key}`, now) >= holdsAllowed(of, numbers, this.#shards);
    return full(address, 'address') || full(block, 'block') ? 'holds' : null;
  }

  /** Returns whether a renewal may be stored; counts it where it may. */
  judgeRenewal({ address }: Counting, now: EpochMs): Verdict {
    if (address === null) return null;
    const hour = Math.floor(now / HOUR);
    if (hour !== this.#renewalsHour) {
      this.#renewals.clear();
      this.#renewalsHour = hour;
    }
    const renewed = this.#renewals.get(address) ?? 0;
    if (renewed >= renewalsAllowed(this.#site.limits)) return 'renewals';
    this.#renewals.set(address, renewed + 1);
    return null;
  }

  /** Returns whether a form may be stored; counts it where it may. As many as new visits, of each and of the site. */
  judgeForm(client: Counting, now: EpochMs): Verdict {
    const keys = [ALL, ...keysOf(client)];
    const counted = this.#counted(client, now, this.#forms);
    const verdict = judgeVisit({ ...counted, siteHour: this.#forms.count(ALL, now), siteDay: 0 }, this.#boundsAt(now));
    if (verdict === null) for (const key of keys) this.#forms.record(key, now);
    return verdict;
  }

  /** Counts a new visit that is stored. */
  tookVisit(now: EpochMs): void {
    this.#kept.visits = withVisit(this.#kept.visits, now);
  }

  /** Counts a client that was given a number, or stored without one. */
  took(client: Counting, at: EpochMs): void {
    for (const key of keysOf(client)) this.#given.record(key, at);
  }

  /** Takes in what was given before a start, as the log has it: by address, or by visitor. */
  remember(given: Partial<Counting>, at: EpochMs): void {
    this.took({ address: null, block: null, visitor: null, ...given }, at);
  }

  /** Takes up to so many for a visit of another shard. @returns how many it may have */
  grant(client: Counting, wanted: number, now: EpochMs): number {
    let granted = 0;
    while (granted < wanted && this.judgeNumber(client, now) === null) {
      this.took(client, now);
      granted++;
    }
    return granted;
  }

  /** Notes that an address has one of a target's numbers to itself, up to a moment. */
  noteBinding({ address, block }: Counting, target: string, binding: number, until: EpochMs, now: EpochMs): void {
    for (const key of [address, block]) if (key !== null) this.#bindings.note(`${target} ${key}`, binding, until, now);
  }

  #counted({ address, block, visitor }: Counting, now: EpochMs, of = this.#given) {
    const count = (key: string | null) => (key === null ? 0 : of.count(key, now));
    return { address: count(address), block: count(block), visitor: count(visitor && ofVisitor(visitor)) };
  }

  #boundsAt(now: EpochMs): Bounds {
    const hour = Math.floor(now / HOUR);
    if (this.#bounds?.hour !== hour) {
      const { before } = visitsAt(this.#kept.visits, now);
      this.#bounds = { hour, bounds: boundsOf(this.#site.limits, this.#shards, before) };
    }
    return this.#bounds.bounds;
  }
}

/** Counts for the site as a whole. */
const ALL = 'site';

function keysOf({ address, block, visitor }: Counting): string[] {
  return [address, block, visitor && ofVisitor(visitor)].filter((key) => key !== null);
}

function ofVisitor(visitor: string): string {
  return `visitor ${visitor}`;
}
