import { getCountries } from 'libphonenumber-js/min/es6';

type Options = readonly (readonly [value: string, text: string])[];

const regions = new Intl.DisplayNames('en', { type: 'region' });
const currencies = new Intl.DisplayNames('en', { type: 'currency' });

/** Countries that have telephone numbers, by their names. */
export const COUNTRIES: Options = getCountries()
  .map((code) => [code, regions.of(code) ?? code] as const)
  .sort(([, a], [, b]) => a.localeCompare(b, 'en'));

/** IANA time zones as the browser knows them. */
export const TIME_ZONES: Options = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')].map(
  (zone) => [zone, zone.replaceAll('_', ' ')] as const,
);

export const CURRENCIES: Options = Intl.supportedValuesOf('currency').map(
  (code) => [code, `${code}, ${currencies.of(code) ?? code}`] as const,
);

/** Returns the options, with what is chosen already where it is none of them, such as a zone under its older name. */
export const withPresent = (options: Options, present: string): Options =>
  options.some(([value]) => value === present) ? options : [[present, present] as const, ...options];
