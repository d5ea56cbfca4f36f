import {
  type CountryCode,
  type MetadataJson,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/core/es6';

/**
 * Reads a number as people write it, by libphonenumber. It gives no country, only the country calling code: the
 * edge has no more of the metadata than that takes.
 *
 * @param country whose people wrote it; left out: it begins with a plus and its country code
 */
export function parsePhone(
  metadata: MetadataJson,
  text: string,
  country?: CountryCode,
): Omit<PhoneNumber, 'country'> | undefined {
  return country ? parsePhoneNumberFromString(text, country, metadata) : parsePhoneNumberFromString(text, metadata);
}
