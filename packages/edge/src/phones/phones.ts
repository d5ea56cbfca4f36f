import type { MetadataJson } from 'libphonenumber-js/core/es6';
import type { CountryPrinting, LanguageAround } from './country-printing.ts';

/** What is known of the world's telephone numbers. */
export interface Phones {
  /** How numbers are read and grouped: libphonenumber's. */
  metadata: MetadataJson;
  /** How pages print them beside that, by country calling code; `''` holds everywhere. */
  printing: Readonly<Record<string, CountryPrinting>>;
  languages: readonly LanguageAround[];
  signs: string;
  emergency: Readonly<Record<string, string>>;
}

/** Where the build puts it among the Worker's assets. */
export const PHONES_PATH = '/tables/phones.json';
