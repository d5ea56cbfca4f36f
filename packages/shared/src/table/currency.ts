/** The currencies that a sign may mean. A sign that several countries use fits each of them. */
const SIGNS = new Map(
  Object.entries({
    $: 'USD AUD CAD NZD SGD HKD MXN ARS CLP COP TWD BRL BBD BMD BND BSD BZD CVE DOP FJD GYD JMD KYD LRD NAD NIO SBD SRD TTD UYU XCD',
    us$: 'USD',
    a$: 'AUD',
    au$: 'AUD',
    c$: 'CAD NIO',
    ca$: 'CAD',
    can$: 'CAD',
    nz$: 'NZD',
    s$: 'SGD',
    sg$: 'SGD',
    hk$: 'HKD',
    nt$: 'TWD',
    mx$: 'MXN',
    mex$: 'MXN',
    ar$: 'ARS',
    cl$: 'CLP',
    clp$: 'CLP',
    col$: 'COP',
    co$: 'COP',
    $u: 'UYU',
    r$: 'BRL',
    '€': 'EUR',
    '£': 'GBP EGP FKP GIP SHP LBP SSP SYP',
    '¥': 'JPY CNY',
    '￥': 'JPY CNY',
    'jp¥': 'JPY',
    'cn¥': 'CNY',
    元: 'CNY TWD HKD',
    円: 'JPY',
    rmb: 'CNY',
    '₹': 'INR',
    rs: 'INR PKR LKR NPR MUR SCR',
    kr: 'SEK NOK DKK ISK',
    skr: 'SEK',
    nkr: 'NOK',
    dkr: 'DKK',
    ikr: 'ISK',
    fr: 'CHF',
    sfr: 'CHF',
    zł: 'PLN',
    zl: 'PLN',
    kč: 'CZK',
    kc: 'CZK',
    ft: 'HUF',
    lei: 'RON MDL',
    leu: 'RON MDL',
    лв: 'BGN',
    '₺': 'TRY',
    tl: 'TRY',
    '₽': 'RUB',
    руб: 'RUB',
    '₴': 'UAH',
    грн: 'UAH',
    '₩': 'KRW KPW',
    '₪': 'ILS',
    '฿': 'THB',
    '₫': 'VND',
    đ: 'VND',
    '₱': 'PHP',
    php: 'PHP',
    rp: 'IDR',
    rm: 'MYR',
    r: 'ZAR',
    '₦': 'NGN',
    ksh: 'KES',
    'gh₵': 'GHS',
    '₵': 'GHS',
    's/': 'PEN',
    '₲': 'PYG',
    '₡': 'CRC',
    '₸': 'KZT',
    '₾': 'GEL',
    '﷼': 'SAR QAR OMR YER IRR',
    'د.إ': 'AED',
    'ر.س': 'SAR',
  }),
);

let codes: Set<string> | null = null;

/**
 * Returns the currencies that a sign or an ISO 4217 code may mean: `['AUD']` of `A$`, several of `$`.
 * @returns null if it means none
 */
export function currenciesOf(text: string): readonly string[] | null {
  const sign = text.trim().toLowerCase();
  const known = SIGNS.get(sign) ?? SIGNS.get(sign.replace(/\.$/, ''));
  if (known) return known.split(' ');
  const code = sign.toUpperCase();
  codes ??= new Set(Intl.supportedValuesOf('currency'));
  return /^[A-Z]{3}$/.test(code) && codes.has(code) ? [code] : null;
}
