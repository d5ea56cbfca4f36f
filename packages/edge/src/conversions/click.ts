import type { CallChange, EpochMs } from '@dialmark/shared';

export interface Click {
  name: string;
  value: string;
  at: EpochMs;
}

/** Click ids are text from an address bar: one that no ad platform would have made is none. */
export const CLICK_ID = /^[\w.-]{1,512}$/;

/** The latest click that has one of these ids, as the ad platform wrote it. */
export function clickOf({ clicks }: CallChange, names: readonly string[]): Click | null {
  return clicks
    .filter(({ name, value }) => names.includes(name) && CLICK_ID.test(value))
    .map(({ name, value, at }) => ({ name, value, at: Date.parse(at) as EpochMs }))
    .reduce<Click | null>((latest, click) => (latest && latest.at >= click.at ? latest : click), null);
}
