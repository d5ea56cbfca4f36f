import * as v from 'valibot';

/** The most that a call may be worth or ads may cost in a day: sums of any count of rows stay exact enough to print. */
export const AMOUNT_MAX = 1e12;

/** Money in the site's currency, at most a million millions. */
export const Amount = v.pipe(
  v.number(),
  v.finite(),
  v.maxValue(AMOUNT_MAX, 'must be at most 1,000,000,000,000'),
  v.minValue(-AMOUNT_MAX, 'must be at least -1,000,000,000,000'),
);

const WORTH = 'must be from 0 to 1,000,000,000,000';

/** A value in the site's currency: nothing or more. */
export const Worth = v.pipe(v.number(), v.finite(), v.minValue(0, WORTH), v.maxValue(AMOUNT_MAX, WORTH));
