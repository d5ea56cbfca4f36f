import { byPrecedence, type ClassifiedTouch, ruleFits, type TrackingNumber } from '@dialmark/shared';

/** The number that a visit would see for a target. */
export type Shown =
  | { kind: 'source'; number: TrackingNumber }
  | { kind: 'pool'; free: number; resting: number }
  | { kind: 'fallback' };

/** Tries the source rules in their order, then the pool, as the Worker does. */
export function whichNumber(
  target: string,
  numbers: readonly TrackingNumber[],
  visit: { url: string; referrer: string | null; touch: ClassifiedTouch },
): Shown {
  const active = numbers.filter((each) => each.target === target && each.status === 'active');
  const ruled = active.filter(
    (each): each is TrackingNumber & { match: NonNullable<TrackingNumber['match']> } => each.match !== null,
  );
  const source = byPrecedence(ruled).find(({ match }) => ruleFits(match, visit));
  if (source) return { kind: 'source', number: source };
  const pool = active.filter(({ kind }) => kind === 'pool');
  if (pool.length === 0) return { kind: 'fallback' };
  const inState = (wanted: TrackingNumber['state']) => pool.filter(({ state }) => state === wanted).length;
  return { kind: 'pool', free: inState('free'), resting: inState('cooling') };
}
