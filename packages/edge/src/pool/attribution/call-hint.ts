import { type CallHint, DAY } from '@dialmark/shared';
import type { CallRow } from '../store/rows.ts';
import type { Attributing } from './attributing.ts';

/** A number's calls of nobody within this time are seen together. */
const SEEN_TOGETHER_MS = 30 * DAY;
/** A last visit less likely than this is as good as none. */
const HARDLY = 0.5;

/**
 * Returns why a call likely reached a number that nobody was shown at that moment: most often it was copied, by a person or a
 * robot, into a page, an ad or a listing. Null for a call that likely has its visit.
 */
export function hintOf(pool: Attributing, call: CallRow): CallHint | null {
  const lost = call.match === 'none' || (call.match === 'recent' && call.confidence < HARDLY);
  if (!lost) return null;
  if (call.to === null) {
    const detail = 'the carrier did not report the dialed number';
    return { kind: 'no_number', detail };
  }
  const number = pool.numbers.get(call.to);
  if (!number) {
    return pool.site.targets.some((target) => target.number === call.to)
      ? { kind: 'printed', detail: 'the caller dialed the printed number, which every visitor sees' }
      : { kind: 'not_added', detail: 'the carrier delivers calls to this number, but it was never added to the site' };
  }
  if (number.status === 'retired') {
    return { kind: 'retired', detail: 'the number was retired, but it is still published somewhere' };
  }

  const others = pool.store.calls.countUnattributedCallers(call, call.startedAt - SEEN_TOGETHER_MS, HARDLY);
  if (others > 0) {
    const detail = `${others + 1} different callers dialed the number in 30 days while no visit was shown it; it was probably copied into a page, an ad or a listing`;
    return { kind: 'copied', detail };
  }
  if (call.match !== 'none') return null;
  return {
    kind: 'stray',
    detail: 'no visit was ever shown this number; it was misdialed, or copied into a page or an ad',
  };
}
