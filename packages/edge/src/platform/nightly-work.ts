import { DAY, type EpochMs, HOUR, MINUTE } from '@dialmark/shared';
import { log } from './log.ts';

/** The point at which a step of nightly work continues. */
export type Place = string | number;

/** A part of an object's nightly work. */
export interface Step {
  name: string;
  /** Does a few milliseconds' work. @returns where to go on; null when the step is done */
  slice(place: Place | null, now: EpochMs): Place | null;
}

/** The progress of tonight's work. */
interface Progress {
  step: string;
  place: Place | null;
}
const PROGRESS = 'night';
const ENDED_AT = 'night_ended_at';
const NEXT_AT = 'night_next_at';

/** When nights begin, in UTC: spread over an hour, each object at a minute of its own. */
const BEGINS_AT = 3 * HOUR + 17 * MINUTE;
/**
 * The time and the number of slices that may follow each other before others get their turn. Both: on Cloudflare the clock stands
 * still while code runs.
 */
const TURN_MS = 20;
const SLICES_A_TURN = 4;
const RETRY_MS = 10 * MINUTE;

/**
 * The nightly work of an object, in slices of some milliseconds between which everything else gets its turn. May be
 * interrupted anywhere: how far it has come is stored.
 */
export class NightlyWork {
  readonly #storage: DurableObjectStorage;
  readonly #steps: readonly Step[];
  readonly #name: () => string;

  /** @param name by which the object's minute is chosen */
  constructor(storage: DurableObjectStorage, name: () => string, steps: readonly Step[]) {
    this.#storage = storage;
    this.#name = name;
    this.#steps = steps;
  }

  /** When the work was last finished; null before the first time. */
  get endedAt(): number | null {
    return this.#storage.kv.get<number>(ENDED_AT) ?? null;
  }

  get isUnderWay(): boolean {
    return this.#progress !== undefined;
  }

  /** Begins the work, unless it is under way. The next `work` goes on with it. */
  begin(): void {
    if (!this.isUnderWay) this.restart();
  }

  /** Begins the work with its first step, however far it has come: for one whose alarm was lost. */
  restart(): void {
    const first = this.#steps[0];
    if (first) this.#save({ step: first.name, place: null });
  }

  /** Does what is due for one turn. @returns when it wants its next one */
  work(now: EpochMs): number {
    const nextAt = this.#nextAt(now);
    const until = Date.now() + TURN_MS;
    try {
      for (let slices = 0, at = this.#progress; at; slices++, at = this.#progress) {
        if (slices >= SLICES_A_TURN || Date.now() >= until) return Date.now();
        this.#slice(at, now);
      }
    } catch (error) {
      log.error('nightly_work_failed', { step: this.#progress?.step, reason: String(error) });
      return now + RETRY_MS;
    }
    return nextAt;
  }

  /** Begins the night's work where it is time. @returns when the next night begins */
  #nextAt(now: EpochMs): number {
    const { kv } = this.#storage;
    const known = kv.get<number>(NEXT_AT);
    if (known !== undefined && now < known) return known;
    if (known !== undefined) this.begin();
    const next = nextNight(this.#name(), now);
    kv.put(NEXT_AT, next);
    return next;
  }

  #slice({ step, place }: Progress, now: EpochMs): void {
    const index = this.#steps.findIndex(({ name }) => name === step);
    const next = this.#steps[index]?.slice(place, now) ?? null;
    const following = this.#steps[index + 1];
    if (next !== null) this.#save({ step, place: next });
    else if (following) this.#save({ step: following.name, place: null });
    else {
      this.#storage.kv.delete(PROGRESS);
      this.#storage.kv.put(ENDED_AT, Date.now());
    }
  }

  get #progress(): Progress | undefined {
    return this.#storage.kv.get<Progress>(PROGRESS);
  }

  #save(progress: Progress): void {
    this.#storage.kv.put(PROGRESS, progress);
  }
}

/** Returns the next moment at which an object's night begins, in milliseconds. */
export function nextNight(name: string, now: number): number {
  const minute = [...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 60, 7);
  const tonight = Math.floor(now / DAY) * DAY + BEGINS_AT + minute * MINUTE;
  return tonight > now ? tonight : tonight + DAY;
}
