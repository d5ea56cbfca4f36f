/**
 * How countries print numbers beside the forms that libphonenumber's metadata has: the one table of it. What a site's
 * numbers need of it travels with the script's configuration, so that no page carries another country's rules.
 */
export interface CountryPrinting {
  /** How pages group numbers that the metadata has no format for: expression over the national digits, and format. */
  formats?: readonly (readonly [pattern: string, format: string])[];
  /** Prefixes of long distance, old and new, beside the one in the national format; `.` is any digit. */
  trunks?: readonly string[];
  /**
   * Digits that a number is also printed with: expression over the national digits, and replacement; `local` where the
   * area code is left out. `{area}` is the number's own area code, `{any}` one of its length after `areas`.
   */
  also?: readonly { pattern: string; replacement: string; local?: boolean }[];
  /** Area codes by their length, as alternatives of an expression. */
  areas?: Readonly<Record<number, string>>;
  /** Characters between digits beside spaces, hyphens, dots, slashes and brackets, as in a character class. */
  marks?: string;
}

const ARGENTINA_3 = '(?:2(?:2[013]|3[067]|49|6[01346]|80|9[14789])|3(?:36|4[1-358]|5[138]|6[24]|7[069]|8[013578]))';

/** By country calling code; `''` holds everywhere. */
export const COUNTRY_PRINTING: Readonly<Record<string, CountryPrinting>> = {
  '': {
    // Harmonised services of social value: https://digital-strategy.ec.europa.eu/en/policies/116-helplines
    formats: [['^(116)(\\d{3})$', '$1 $2']],
  },
  // All long distance begins with 8, whether the metadata prints it or not.
  7: { trunks: ['8'] },
  // Mobile numbers too are dialled with 06 inside the country.
  36: { trunks: ['06'] },
  // Mobile numbers of before 2019 have a 1 behind the country code; long distance was 01, to mobiles 044 and 045
  // (Plan Técnico Fundamental de Numeración, in force since 3 August 2019).
  52: {
    trunks: ['01', '044', '045'],
    also: [
      { pattern: '^(?=\\d{10}$)', replacement: '1' },
      { pattern: '^1(?=\\d{10}$)', replacement: '' },
    ],
  },
  // A mobile number is 9, area, subscriber from abroad, and 0, area, 15, subscriber inside the country; the area is
  // left out where it is one's own (Plan Fundamental de Numeración Nacional, Resolución SC 46/97).
  54: {
    trunks: ['0'],
    areas: { 2: '11', 3: ARGENTINA_3, 4: `(?!${ARGENTINA_3})[23]\\d{3}` },
    also: [
      { pattern: '^9({any})', replacement: '$115' },
      { pattern: '^9{area}', replacement: '15', local: true },
      { pattern: '^9', replacement: '' },
    ],
  },
  // Long distance names a carrier: 0, two digits, area, subscriber.
  55: { trunks: ['0', '0..', '0xx', '0XX'] },
  // Local-rate and premium numbers: https://www.acma.gov.au/phone-numbers-freephone-local-rate-and-other
  61: {
    formats: [
      ['^(13)(\\d\\d)(\\d\\d)$', '$1 $2 $3'],
      ['^(180)(\\d{4})$', '$1 $2'],
    ],
  },
  // Prolonged sound marks, middle dots, tildes and ruled lines stand in for a hyphen.
  81: { marks: '\u30fc\uff70\u30fb\uff65~\u301c\uff5e\u2500\u2501\u2502' },
  82: { marks: '~\uff5e' },
  86: { marks: '\u2500\u2501\uff5e' },
  886: { marks: '\u2500\u2501\uff5e' },
};

/** Words that call what stands beside them a telephone number, by language; without codes they hold everywhere. */
export const TELEPHONE_WORDS: readonly { words: string; codes?: readonly number[] }[] = [
  { words: 'call calls dial phone telephone tel ph mobile ring hotline helpline freephone text fax' },
  {
    codes: [49, 43, 41, 352, 423],
    words: 'anruf anrufen anrufe ruf rufen rufnummer telefon telefonnummer wählen handy kurzwahl notruf',
  },
  {
    codes: [33, 32, 41, 352, 377, 590, 594, 596, 262, 687, 689, 508, 681, 212, 213, 216, 221, 225, 237],
    words: 'appel appeler appelez téléphone tél composez numéro joindre',
  },
  {
    codes: [34, 52, 54, 56, 57, 51, 58, 591, 593, 595, 598, 502, 503, 504, 505, 506, 507, 53, 240, 376],
    words: 'llama llame llamar llámenos teléfono telf marca marque móvil',
  },
  { codes: [39, 41, 378], words: 'chiama chiami chiamare chiamate telefono cellulare numero verde' },
  { codes: [351, 55, 244, 258, 238, 239, 245, 376], words: 'liga ligue ligar telefone telemóvel celular disque' },
  { codes: [31, 32, 297, 599, 597], words: 'bel bellen telefoon telefoonnummer' },
  { codes: [45, 46, 47, 298, 299, 354, 358], words: 'ringa ringe telefon tlf hringdu sími soita puhelin puh' },
  { codes: [48], words: 'zadzwoń dzwoń telefon' },
  { codes: [420, 421], words: 'zavolejte volejte zavolajte volajte telefon' },
  { codes: [36], words: 'hívja hívjon telefon telefonszám' },
  { codes: [40, 373], words: 'sunați sunaţi suna apelați telefon' },
  { codes: [381, 382, 383, 385, 386, 387, 389], words: 'pozovite nazovite pokličite telefon јавете телефон' },
  { codes: [370, 371, 372], words: 'skambinkite zvaniet helista telefonas tālrunis telefon' },
  { codes: [90], words: 'ara arayın arayınız telefon' },
  { codes: [30, 357], words: 'καλέστε τηλέφωνο τηλ' },
  {
    codes: [7, 375, 380, 359, 992, 993, 994, 996, 998],
    words: 'звоните позвоните телефон телефону тел дзвоніть обадете',
  },
  {
    codes: [20, 211, 212, 213, 216, 218, 249, 961, 962, 963, 964, 965, 966, 967, 968, 970, 971, 973, 974],
    words: 'اتصل اتصلوا هاتف الهاتف تلفون',
  },
  { codes: [972, 970], words: 'חייגו התקשרו טלפון' },
  { codes: [98, 93], words: 'تماس تلفن' },
  { codes: [91, 977], words: 'फोन फ़ोन कॉल' },
  { codes: [62, 60], words: 'hubungi telepon telp telefon panggil' },
  { codes: [84], words: 'gọi thoại đt' },
];

/** The same where words are not set apart, and signs; alternatives of an expression. */
export const TELEPHONE_SIGNS = '電話|电话|致電|致电|전화|โทร|[☎☏✆℡📞📱]';
