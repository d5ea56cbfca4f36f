import type { EpochMs } from '@dialmark/shared';
import { NightlyWork } from '../platform/nightly-work.ts';
import { planFiles } from './archive/files.ts';
import type { LedgerCore } from './core.ts';
import { dayAt } from './days.ts';
import { forgetRest, forgetSlice, forgetUsers } from './forget/retention.ts';
import { forgetWords } from './forget/words.ts';
import { Learning } from './write/learn-weights.ts';
import { pairNext } from './write/pairs.ts';
import { sumMonths, sumNext } from './write/sums.ts';

/** Set while rows are gone whose words are not. */
const WORDS_DUE = 'words_due';

/** A ledger's nightly work: deletes rows past the site's retention, sums completed days, and learns weights. */
export function nightOf(core: LedgerCore): NightlyWork {
  const learning = new Learning(core);
  const today = (now: EpochMs) => dayAt(now, core.rules?.timeZone ?? 'UTC');
  const goOn = (more: boolean) => (more ? 0 : null);
  return new NightlyWork(core.storage, () => core.site, [
    // Before anything is forgotten: files of days that are going go with them.
    {
      name: 'archive',
      slice: (_, now) => {
        planFiles(core, now);
        return null;
      },
    },
    {
      name: 'forget',
      slice: (_, now) => {
        const { kv } = core.storage;
        if (forgetSlice(core, now)) {
          // Kept, for a night that begins again once rows are gone.
          kv.put(WORDS_DUE, true);
          return 1;
        }
        if (kv.get(WORDS_DUE)) forgetWords(core);
        kv.delete(WORDS_DUE);
        return null;
      },
    },
    {
      name: 'forget_rest',
      slice: (_, now) => {
        forgetRest(core, now);
        return null;
      },
    },
    { name: 'forget_users', slice: (place) => forgetUsers(core, String(place ?? '')) },
    { name: 'sum_days', slice: (place, now) => sumNext(core, Number(place ?? 0), today(now)) },
    {
      name: 'sum_months',
      slice: (_, now) => {
        sumMonths(core, today(now));
        return null;
      },
    },
    { name: 'pair', slice: (_, now) => goOn(pairNext(core, today(now))) },
    { name: 'learn', slice: (_, now) => goOn(learning.next(now)) },
  ]);
}
