import { DAY, type EpochMs } from '../time.ts';
import type { Model } from '../wire/site.ts';

/** The fields of a touch that a model reads. */
export interface CreditTouch {
  at: EpochMs;
  /** True if the visit came from nowhere: source `(direct)`. */
  direct: boolean;
  channel: string;
}

/** Weight of each channel, from `removalEffects`: only their ratios count. */
export type ChannelWeights = ReadonlyMap<string, number>;

/**
 * Returns how the credit for one call is shared over the visitor's touches within the lookback (DESIGN section 6).
 *
 * - `first`, `last`: all to that touch; `last_non_direct`: the last that is not direct, or the last if all are.
 * - `linear`: the same to each. `time_decay`: half as much for every 7 days before the call.
 * - `position_based`: 40 % first, 40 % last, 20 % over those between; two touches share evenly.
 * - `data_driven`: by the weights of the touches' channels; linear where they say nothing.
 *
 * ```ts
 * credits('linear', touches, call.startedAt); // two touches: [0.5, 0.5]
 * ```
 *
 * @param touches in the order they happened, none after the call
 * @returns one credit for each touch, 0 to 1, adding up to 1; empty for no touches
 */
export function credits(
  model: Model,
  touches: readonly CreditTouch[],
  callAt: EpochMs,
  weights: ChannelWeights = new Map(),
): number[] {
  switch (model) {
    case 'first':
      return allTo(touches, 0);
    case 'last':
      return allTo(touches, touches.length - 1);
    case 'last_non_direct': {
      const last = touches.findLastIndex((touch) => !touch.direct);
      return allTo(touches, last < 0 ? touches.length - 1 : last);
    }
    case 'linear':
      return shares(touches.map(() => 1));
    case 'time_decay':
      return timeDecay(touches, callAt);
    case 'position_based':
      return touches.map((_, index) => position(index, touches.length));
    case 'data_driven':
      return shares(touches.map((touch) => weights.get(touch.channel) ?? 0));
  }
}

const HALF_LIFE = 7 * DAY;

function timeDecay(touches: readonly CreditTouch[], callAt: EpochMs): number[] {
  const ages = touches.map((touch) => Math.max(0, callAt - touch.at));
  // Counted from the youngest, so that an old journey does not vanish below the smallest number; shares are the same.
  const youngest = Math.min(...ages);
  return shares(ages.map((age) => 2 ** ((youngest - age) / HALF_LIFE)));
}

function position(index: number, count: number): number {
  if (count <= 2) return 1 / count;
  return index === 0 || index === count - 1 ? 0.4 : 0.2 / (count - 2);
}

function allTo(touches: readonly CreditTouch[], chosen: number): number[] {
  return touches.map((_, index) => (index === chosen ? 1 : 0));
}

/** Weights brought to a sum of 1; the same to each where all are nothing. */
function shares(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 1 / weights.length));
}
