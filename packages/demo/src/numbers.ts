import type { E164 } from '@dialmark/shared';

/**
 * Returns the demo's phone numbers, all of them of the range 555-0100 to 555-0199, which the North American Numbering Plan keeps
 * for fiction: nobody's phone rings.
 */
const fictional = (area: number, last: number) => `+1${area}5550${String(last).padStart(3, '0')}` as E164;
const own = (last: number) => fictional(415, last);

export const PRINTED = own(100);
export const POOL = Array.from({ length: 16 }, (_, i) => own(120 + i));
/** Bought and not used yet. */
export const RESERVE = own(139);
export const LISTING = own(140);
export const RADIO_NUMBER = own(141);
export const CALL_ASSET = own(142);
export const FLYER = own(143);

/** Area codes of California and its neighbours. */
const AREAS = [
  510, 925, 650, 408, 707, 209, 341, 530, 628, 669, 831, 916, 279, 559, 661, 805, 213, 310, 323, 424, 562, 619, 626,
  657, 714, 747, 760, 818, 840, 858, 909, 949, 951, 775, 702, 503, 541, 971, 206, 253, 360, 425, 480, 602,
];
/** Most callers live close by. */
const NEARBY = 5;

export const CALLERS = AREAS.length * 100;

/** One of some four thousand callers; the first few hundred are neighbours. */
export function caller(index: number): E164 {
  const near = NEARBY * 100;
  const [area, last] =
    index < near ? [AREAS[index % NEARBY], Math.floor(index / NEARBY)] : [AREAS[Math.floor(index / 100)], index % 100];
  return fictional(area as number, 100 + (last as number));
}

export const ROBOCALLER = fictional(202, 147);
