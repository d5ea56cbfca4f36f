import type { EpochMs } from '@dialmark/shared';
import type { Change } from './change.ts';

export interface Click {
  name: string;
  value: string;
  at: EpochMs;
}

/** Click ids are text from an address bar: one that no ad platform would have made is none. */
export const CLICK_ID = /^[\w.-]{1,512}$/;

/** The latest click that has one of these ids, as the ad platform wrote it. */
export function clickOf({ clicks }: Pick<Change, 'clicks'>, names: readonly string[]): Click | null {
  return clicks
    .filter(({ name, value }) => names.includes(name) && CLICK_ID.test(value))
    .map(({ name, value, at }) => ({ name, value, at: Date.parse(at) as EpochMs }))
    .reduce<Click | null>((latest, click) => (latest && latest.at >= click.at ? latest : click), null);
}
