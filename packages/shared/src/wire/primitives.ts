import * as v from 'valibot';
import { parseRfc3339 } from '../time.ts';
import { coded } from './problem.ts';

/** The fields that several messages share. One rule each; every schema builds on these. */

/** E.164: a plus, a country code that does not start with 0, 7 to 15 digits in all (ITU-T E.164, 2010, section 6). */
export const E164 = v.pipe(
  v.string(),
  v.regex(/^\+[1-9]\d{6,14}$/, coded('not_e164', 'must be an E.164 number such as +14155550132')),
  v.brand('E164'),
);
export type E164 = v.InferOutput<typeof E164>;

/** A site's public key: it stands in the script's address, so letters, digits, `-` and `_` only. */
export const SiteId = v.pipe(
  v.string(),
  v.regex(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/,
    'must be 1 to 63 letters, digits, - or _, starting with a letter or digit',
  ),
  v.brand('SiteId'),
);
export type SiteId = v.InferOutput<typeof SiteId>;

export const TargetId = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'must be 1 to 63 letters, digits, - or _'),
  // On the page and on the wire a target is a key of an object, and every object "has" a `constructor`.
  v.check((id) => !(id in Object.prototype), 'must not be a name reserved by JavaScript'),
);

/** Ids made by the snippet, an integrator or a carrier: opaque, printable, no spaces. */
export const OpaqueId = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable characters without spaces'),
  // An address never keeps them, however they are written (URL Standard, "double-dot path segment"): nobody could ask for them.
  v.check((id) => id !== '.' && id !== '..', 'must not be "." or ".."'),
);

/** The years that times and days may lie in: what is stored is put in order as text, and 9999 has a day after. */
const [FIRST_YEAR, LAST_YEAR] = [1970, 2999];
const isWithinYears = (at: number) => at >= Date.UTC(FIRST_YEAR) && at < Date.UTC(LAST_YEAR + 1);
const YEARS = `must be in the years ${FIRST_YEAR} to ${LAST_YEAR}`;

/** RFC 3339 with a zone, of a year from 1970 to 2999. Kept as text on the wire. */
export const Timestamp = v.pipe(
  v.string(),
  v.check(
    (text) => parseRfc3339(text) !== null,
    coded('invalid_time', 'must be an RFC 3339 time with a zone, such as 2026-11-24T21:30:00Z'),
  ),
  v.check((text) => isWithinYears(parseRfc3339(text) ?? 0), coded('out_of_range', YEARS)),
);

/** A calendar day, `YYYY-MM-DD`, of a year from 1970 to 2999. */
export const Day = v.pipe(
  v.string(),
  v.check(
    (text) => {
      const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
      // 31 February would roll over into March.
      return !Number.isNaN(at) && new Date(at).getUTCDate() === Number(text.slice(8));
    },
    coded('invalid_time', 'must be a day such as 2026-11-24'),
  ),
  v.check(
    (text) => !/^\d{4}-/.test(text) || isWithinYears(Date.UTC(Number(text.slice(0, 4)))),
    coded('out_of_range', YEARS),
  ),
);

/** A page address or referrer: any text a browser may send; it is read leniently and never fetched. */
export const PageAddress = v.pipe(v.string(), v.maxLength(4096));

export const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));

/** `whsec_` and the base64 of 24 to 64 bytes (Standard Webhooks, "Signing secret serialization"). */
export const SigningSecret = v.pipe(
  v.string(),
  v.regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'must be whsec_ and the base64 of 24 to 64 bytes'),
);

/** A list whose length is checked before its entries, so that one that is too long gives one error and not thousands. */
export const ListOf = <const T extends v.GenericSchema>(item: T, most: number, least = 0, tooFew?: string) => {
  const list = v.array(item);
  const atMost = v.maxLength<v.InferOutput<T>[], number, string>(most, `must have at most ${most}`);
  const judged: typeof list = {
    ...list,
    '~run'(dataset, config) {
      const { value } = dataset;
      if (!Array.isArray(value) || value.length <= most) return list['~run'](dataset, config);
      return { typed: false, value, issues: atMost['~run']({ typed: true, value }, config).issues } as never;
    },
  };
  return v.pipe(judged, v.minLength(least, tooFew ?? `must have at least ${least}`), atMost);
};

/** A whole number of seconds. */
export const Seconds = (min: number, max: number) => v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/** A JSON object of the caller's own making, kept as it is: at most 4 kB once written out, at most 10 levels deep. */
export const CustomData = v.pipe(
  v.unknown(),
  // A record would take an array for an object with the keys 0, 1, 2.
  v.check((data) => !Array.isArray(data), coded('wrong_type', 'must be an object')),
  v.record(v.string(), v.unknown()),
  // SQLite reads JSON of a thousand levels and no more; nobody means more than a few.
  v.check((data) => isWithin(data, 10), coded('too_deep', 'must be at most 10 levels deep')),
  v.check(
    (data) => !isWithin(data, 10) || JSON.stringify(data).length <= 4096,
    coded('too_long', 'must be at most 4,096 bytes of JSON'),
  ),
);

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => isWithin(each, levels - 1));
}
