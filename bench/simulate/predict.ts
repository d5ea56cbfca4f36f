import {
  attribute,
  BINDINGS_WEIGHED,
  type BindingEvidence,
  type CallerTie,
  type CallModel,
  DAY,
  type E164,
  type EpochMs,
  type Exposure,
  learn,
  lessonOf,
  NO_HABITS,
  PRIOR,
  withLesson,
} from '@dialmark/shared';
import { Random } from '../../packages/demo/src/random.ts';
import type { Business } from './business.ts';
import type { Prediction } from './calibration.ts';
import { play } from './play.ts';
import { extended, LEASE, leastRecentlyReleased, poolNumbers } from './policy.ts';
import type { Trace } from './trace.ts';

/** Models kept as they were after so many calls, to show how soon a site's habits are learned. */
export const SNAPSHOTS = [30, 100, 300, 1000] as const;

/** Sources of an attribution: rivals' rule, the prior, a snapshot, or all that was learned so far. */
export type Judge = 'rival' | 'prior' | (typeof SNAPSHOTS)[number] | 'learned';

export interface Judged {
  /** Each one's statements about the calls in the second half of the time. */
  said: Map<Judge, Prediction[]>;
  /** Statements of the fully trained model about the runners-up. */
  runnersUp: Prediction[];
  model: CallModel;
}

/** Plays the visits to a pool with the real policy, adds stray calls, and has every call judged. */
export function predict(trace: Trace, business: Business, size: number, seed: number): Judged {
  const numbers = poolNumbers(size);
  const log = new Map<E164, BindingEvidence[]>(numbers.map((number) => [number, []]));
  const ofVisitor = new Map<string, BindingEvidence>();
  const halfway = (trace.days * DAY) / 2;

  const models = new Map<Judge, CallModel>([['prior', PRIOR]]);
  const ties = new Map<Judge, Map<string, CallerTie>>();
  const said = new Map<Judge, Prediction[]>();
  const runnersUp: Prediction[] = [];
  let habits = NO_HABITS;
  let calls = 0;
  let seen = { visits: 0, visitMs: 0, taps: 0, numberMs: 0 };
  let seenUntil = 0;

  function judge(number: E164, now: EpochMs, caller: string, visit: string | null): void {
    const latest = (log.get(number) as BindingEvidence[]).slice(-BINDINGS_WEIGHED);
    const known = ties.get('learned')?.has(caller) ?? false;
    const model = learn(PRIOR, habits);
    models.set('learned', model);
    for (const snapshot of SNAPSHOTS) if (calls === snapshot) models.set(snapshot, model);

    for (const [by, itsModel] of models) {
      const itsTies = entryOf(ties, by, () => new Map<string, CallerTie>());
      const tie = itsTies.get(caller) ?? null;
      const holds = tie ? withHoldOf(tie.visitor, number, latest) : latest;
      const { chosen, confidence, candidates } = attribute(holds, now, tie, itsModel);
      if (!chosen) continue;
      if (chosen.visitor !== null) itsTies.set(caller, { visitor: chosen.visitor, confidence });
      if (now < halfway) continue;
      entryOf(said, by, () => []).push({ confidence, right: chosen.session === visit });
      if (by !== 'learned') continue;
      for (const { binding, confidence } of candidates)
        runnersUp.push({ confidence, right: binding.session === visit });
    }
    const last = latest.at(-1);
    if (last && now >= halfway) entryOf(said, 'rival', () => []).push({ confidence: 1, right: last.session === visit });

    if (known) return;
    calls++;
    const between: Exposure = { ...seen, numberMs: size * (now - seenUntil) };
    habits = withLesson(habits, lessonOf(habits, latest, now, model), between);
    seen = { visits: 0, visitMs: 0, taps: 0, numberMs: 0 };
    seenUntil = now;
  }

  /** As the pool does: a caller's visit is weighed however long ago it held the number. */
  function withHoldOf(visitor: string, number: E164, latest: BindingEvidence[]): BindingEvidence[] {
    if (latest.some((hold) => hold.visitor === visitor)) return latest;
    const earlier = ofVisitor.get(visitor + number);
    return earlier ? [...latest, earlier] : latest;
  }

  const random = new Random(seed, size);
  const strayGap = DAY / (business.straysPerNumberPerDay * size);
  let stray = random.exponential(strayGap);
  let strays = 0;
  function straysUntil(now: number): void {
    for (; stray < now; stray += random.exponential(strayGap))
      judge(numbers[random.below(size)] as E164, Math.round(stray) as EpochMs, `stray ${strays++}`, null);
  }

  play(trace, leastRecentlyReleased(size), {
    active(visit, number, activity, given, at) {
      straysUntil(at);
      const now = at as EpochMs;
      const holds = log.get(number) as BindingEvidence[];
      if (given) {
        seen.visits++;
        if (holds.length === 2 * BINDINGS_WEIGHED) holds.splice(0, BINDINGS_WEIGHED);
        const hold: BindingEvidence = {
          kind: 'pool',
          session: String(visit),
          visitor: String(trace.visitor[visit]),
          startedAt: now,
          lastActiveAt: now,
          expiresAt: (at + LEASE.ttlMs) as EpochMs,
          telClickAt: null,
        };
        holds.push(hold);
        ofVisitor.set(hold.visitor + number, hold);
        return;
      }
      const hold = holds.at(-1) as BindingEvidence;
      seen.visitMs += now - hold.lastActiveAt;
      if (activity === 'tel_click') seen.taps++;
      hold.expiresAt = extended(hold.expiresAt, activity, at) as EpochMs;
      hold.lastActiveAt = now;
      if (activity === 'tel_click') hold.telClickAt = now;
    },
    call(visit, number, _again, at) {
      straysUntil(at);
      if (number !== null) judge(number, at as EpochMs, String(trace.visitor[visit]), String(visit));
    },
  });
  return { said, runnersUp, model: learn(PRIOR, habits) };
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
