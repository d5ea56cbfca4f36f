import {
  type BindingEvidence,
  type CallHabits,
  type CallModel,
  DAY,
  type EpochMs,
  type Exposure,
  type Lesson,
  learn,
  lessonOf,
  NO_HABITS,
  PRIOR,
  withLesson,
  withLessonAgain,
  withoutLesson,
} from '@dialmark/shared';
import { firstSeq } from '../leases/binding-id.ts';

/**
 * Calls that are reported later than this (an import of last year's, say) teach nothing: what they came out of is not known.
 * Nor do calls of the future.
 */
const FRESH = DAY;
/** The lesson of a call, and if it counts now: spam teaches nothing, and may turn out to be none. */
export interface Taught {
  lesson: Lesson;
  counts: boolean;
}

/** Leases counted between two calls, at most: more go without a call only before a site's first one. */
const LEASES_COUNTED = 100_000;

/**
 * The lessons of the site's own calls (docs/attribution.md): one row, read once, and written again with each call that
 * teaches.
 */
export class SiteHabits {
  readonly #sql: SqlStorage;
  #habits: CallHabits;
  #model: CallModel;
  /** Up to when what there was has been counted; null before the first call. */
  #until: EpochMs | null;
  /** When the numbers were added, in order: a call must not take longer the more of them there are. */
  #added: EpochMs[] | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    const [row] = sql.exec<{ habits: string; until: number }>('SELECT habits, until FROM habits').toArray();
    this.#habits = row ? (JSON.parse(row.habits) as CallHabits) : NO_HABITS;
    this.#until = row ? (row.until as EpochMs) : null;
    this.#model = learn(PRIOR, this.#habits);
  }

  /** The model that weighs the site's calls: the prior, until there are enough calls of its own. */
  get model(): CallModel {
    return this.#model;
  }

  /** Learns from a new call of an unknown caller to a pool number. @returns what; null if there is nothing to learn */
  teach(bindings: readonly BindingEvidence[], at: EpochMs, now: EpochMs): Taught | null {
    if (at > now || at < now - FRESH || at < (this.#until ?? 0)) return null;
    const lesson = lessonOf(this.#habits, bindings, at, this.#model);
    this.#become(withLesson(this.#habits, lesson, this.#seenUntil(at)), at);
    return { lesson, counts: true };
  }

  /** Adds a call to the weights, or removes it. Idempotent. */
  updateWeights(taught: Taught, counts: boolean): Taught {
    if (taught.counts === counts || this.#until === null) return taught;
    const { lesson } = taught;
    this.#become((counts ? withLessonAgain : withoutLesson)(this.#habits, lesson), this.#until);
    return { lesson, counts };
  }

  #become(habits: CallHabits, until: EpochMs): void {
    this.#habits = habits;
    this.#model = learn(PRIOR, habits);
    this.#until = until;
    this.#sql.exec(
      'INSERT OR REPLACE INTO habits (only, habits, until) VALUES (1, ?, ?)',
      JSON.stringify(habits),
      until,
    );
  }

  #seenUntil(at: EpochMs): Exposure {
    const since = this.#until ?? (0 as EpochMs);
    const [leases] = this.#sql
      .exec<{ visits: number; visitMs: number | null; taps: number }>(
        `SELECT count(*) AS visits, sum(last_active_at - started_at) AS visitMs, count(tel_click_at) AS taps FROM (
           SELECT started_at, last_active_at, tel_click_at FROM bindings
           WHERE seq >= ? AND seq < ? AND kind IN ('pool', 'shared') ORDER BY seq DESC LIMIT ?)`,
        firstSeq(since),
        firstSeq(at),
        LEASES_COUNTED,
      )
      .toArray();
    return {
      visits: leases?.visits ?? 0,
      visitMs: leases?.visitMs ?? 0,
      taps: leases?.taps ?? 0,
      numberMs: this.#numberMs(since, at),
    };
  }

  /** Sums how long each pool number could be called between two moments. All but the newest could the whole time. */
  #numberMs(since: EpochMs, at: EpochMs): number {
    this.#added ??= this.#sql
      .exec<{ at: EpochMs }>(
        "SELECT added_at AS at FROM numbers WHERE kind = 'pool' AND status <> 'retired' ORDER BY added_at",
      )
      .toArray()
      .map((row) => row.at);
    let older = this.#added.length;
    let ms = 0;
    for (; older > 0; older--) {
      const added = this.#added[older - 1] as EpochMs;
      if (added <= since) break;
      ms += Math.max(0, at - added);
    }
    return ms + older * Math.max(0, at - since);
  }

  /** Has the numbers looked up again. */
  numbersChanged(): void {
    this.#added = null;
  }
}
