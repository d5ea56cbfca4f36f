/**
 * The ways countries print numbers beyond the forms in libphonenumber's metadata, in one table. What a site's
 * numbers need of it travels with the script's configuration, so that no page carries another country's rules.
 */
export interface CountryPrinting {
  /**
   * Grouping of numbers that the metadata has no format for: expression over the national digits, and format; a third
   * for inside the country where it differs.
   */
  formats?: readonly (readonly [pattern: string, format: string, national?: string])[];
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
  // Towns and cities answer at 14 and their area code.
  31: { formats: [['^(14)(\\d{3,4})$', '$1 $2']] },
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
  84: { formats: [['^(199)(\\d{4})$', '$1 $2', '0$1 $2']] },
  90: { formats: [['^(444)(\\d)(\\d{3})$', '$1 $2 $3']] },
  263: { formats: [['^(13)(\\d{5})$', '$1 $2', '0$1 $2']] },
  // Prolonged sound marks, middle dots, tildes and ruled lines stand in for a hyphen.
  81: { marks: '\u30fc\uff70\u30fb\uff65~\u301c\uff5e\u2500\u2501\u2502' },
  82: { marks: '~\uff5e' },
  86: { marks: '\u2500\u2501\uff5e' },
  886: { marks: '\u2500\u2501\uff5e' },
};

/** The words a language puts around numbers; without codes, everywhere. */
export interface LanguageAround {
  codes?: readonly number[];
  /** Words that call what stands beside them a telephone number. */
  telephone?: string;
  /** Words for an extension, as alternatives of an expression; the script knows `ext`, `extension` and `x`. */
  extension?: string;
  /** Words between a number and a second line; the script knows those of English and of its neighbours. */
  between?: string;
}

export const LANGUAGES_AROUND: readonly LanguageAround[] = [
  { telephone: 'call calls dial phone telephone tel ph mobile ring hotline helpline freephone text fax' },
  {
    codes: [49, 43, 41, 352, 423],
    telephone: 'anruf anrufen anrufe ruf rufen rufnummer telefon telefonnummer wählen handy kurzwahl notruf',
    extension: 'durchwahl dw nebenstelle nst klappe kl app apparat',
  },
  {
    codes: [33, 32, 41, 352, 377, 590, 594, 596, 262, 687, 689, 508, 681, 212, 213, 216, 221, 225, 237, 1],
    telephone: 'appel appeler appelez téléphone tél composez numéro joindre',
    extension: 'poste p',
    between: 'à',
  },
  {
    codes: [34, 52, 54, 56, 57, 51, 58, 591, 593, 595, 598, 502, 503, 504, 505, 506, 507, 53, 240, 376, 1],
    telephone: 'llama llame llamar llámenos teléfono telf marca marque móvil',
    extension: 'extensi[oó]n int interno anexo anx',
    between: 'al',
  },
  {
    codes: [39, 41, 378],
    telephone: 'chiama chiami chiamare chiamate telefono cellulare numero verde',
    extension: 'interno int derivazione',
  },
  {
    codes: [351, 55, 244, 258, 238, 239, 245, 376],
    telephone: 'liga ligue ligar telefone telemóvel celular disque',
    extension: 'ramal extens[aã]o',
  },
  {
    codes: [31, 32, 297, 599, 597],
    telephone: 'bel bellen telefoon telefoonnummer',
    extension: 'toestel tst doorkiesnummer',
    between: 't/m tot',
  },
  {
    codes: [45, 46, 47, 298, 299, 354, 358],
    telephone: 'ringa ringe telefon tlf hringdu sími soita puhelin puh',
    extension: 'lokal lokalnr lokalnummer anknytning ankn linje alanumero',
    between: 'eller och og eða tai ja till til',
  },
  { codes: [48], telephone: 'zadzwoń dzwoń telefon', extension: 'wewn?', between: 'lub albo i do' },
  {
    codes: [420, 421],
    telephone: 'zavolejte volejte zavolajte volajte telefon',
    extension: 'linka klapka kl',
    between: 'nebo alebo až',
  },
  { codes: [36], telephone: 'hívja hívjon telefon telefonszám', extension: 'mellék', between: 'vagy és' },
  { codes: [40, 373], telephone: 'sunați sunaţi suna apelați telefon', extension: 'interior int', between: 'sau și' },
  {
    codes: [381, 382, 383, 385, 386, 387, 389],
    telephone: 'pozovite nazovite pokličite telefon јавете телефон',
    extension: 'lokal lok int',
    between: 'ili ali i in или и',
  },
  {
    codes: [370, 371, 372],
    telephone: 'skambinkite zvaniet helista telefonas tālrunis telefon',
    between: 'arba ir vai un või ja',
  },
  { codes: [90], telephone: 'ara arayın arayınız telefon', extension: 'dahili dah', between: 'veya ve' },
  { codes: [30, 357], telephone: 'καλέστε τηλέφωνο τηλ', extension: 'εσωτ εσωτερικό', between: 'ή και' },
  {
    codes: [7, 375, 380, 359, 992, 993, 994, 996, 998],
    telephone: 'звоните позвоните телефон телефону тел дзвоніть обадете',
    extension: 'доб добавочный вн внутр вътр',
    between: 'или и до або та',
  },
  {
    codes: [20, 211, 212, 213, 216, 218, 249, 961, 962, 963, 964, 965, 966, 967, 968, 970, 971, 973, 974],
    telephone: 'اتصل اتصلوا هاتف الهاتف تلفون',
    between: 'أو او و',
  },
  { codes: [972, 970], telephone: 'חייגו התקשרו טלפון', between: 'או' },
  { codes: [98, 93], telephone: 'تماس تلفن', between: 'یا و' },
  { codes: [91, 977], telephone: 'फोन फ़ोन कॉल', between: 'या और' },
  { codes: [62, 60], telephone: 'hubungi telepon telp telefon panggil', extension: 'pes', between: 'atau dan' },
  { codes: [84], telephone: 'gọi thoại đt', extension: 'máy nhánh', between: 'hoặc và' },
  { codes: [81], between: 'または 又は もしくは' },
  { codes: [86, 886, 852, 853], between: '或 或者 和' },
  { codes: [82], between: '또는' },
];

/** The same where words are not set apart, and signs; alternatives of an expression. */
export const TELEPHONE_SIGNS = '電話|电话|致電|致电|전화|โทร|[☎☏✆℡📞📱]';
