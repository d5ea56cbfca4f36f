import { currenciesOf } from '@dialmark/shared/table/currency';
import { columnNamed, type Heading, readHeading } from '@dialmark/shared/table/heading';

/**
 * Column headers, in the order English, German, French, Spanish, Italian, Portuguese, Dutch; in lower case and without
 * accents, as `readHeading` has them. Where a file has several, the first name here that it has wins.
 */
const NAMES = {
  /** The headings of a day with Google and Meta; other platforms say date. */
  day: ['day', 'tag', 'jour', 'dia', 'giorno', 'dag', 'by day'],
  date: [
    ...['date', 'gregorian date', 'time period', 'stat time day', 'segments date', 'event date'],
    ...['datum', 'datum gregorianisch', 'zeitraum', 'date gregorienne', 'periode', 'fecha', 'fecha gregoriana'],
    ...['periodo', 'data'],
  ],
  /** The first day that a row covers, and the last: the same one in exports by day. */
  from: [
    ...['reporting starts', 'reporting start', 'date start', 'start date', 'start time'],
    ...['berichtsstart', 'berichtsbeginn', 'beginn des berichts', 'startdatum', 'auswertungsbeginn'],
    ...['debut des rapports', 'debut du rapport', 'date de debut'],
    ...['inicio del informe', 'inicio de los informes', 'fecha de inicio'],
    ...['inizio report', 'inizio dei report', 'inizio del report', 'data di inizio', 'data inizio'],
    ...['inicio dos relatorios', 'inicio do relatorio', 'data de inicio'],
    ...['begin rapportage', 'rapportage start', 'start rapportage', 'begindatum'],
  ],
  until: [
    ...['reporting ends', 'reporting end', 'date stop', 'end date'],
    ...['berichtsende', 'ende des berichts', 'enddatum', 'auswertungsende'],
    ...['fin des rapports', 'fin du rapport', 'date de fin'],
    ...['fin del informe', 'fin de los informes', 'fecha de finalizacion', 'fecha de fin'],
    ...['fine report', 'fine dei report', 'fine del report', 'data di fine', 'data fine'],
    ...['termino dos relatorios', 'fim dos relatorios', 'fim do relatorio', 'encerramento dos relatorios'],
    ...['data de termino', 'einde rapportage', 'rapportage einde', 'einddatum'],
  ],
  sourceMedium: ['source medium', 'session source medium', 'quelle medium', 'fuente medio', 'sorgente mezzo'],
  source: [
    ...['source', 'utm source', 'session source', 'traffic source'],
    ...['quelle', 'fuente', 'sorgente', 'fonte', 'origem', 'bron'],
  ],
  medium: ['medium', 'utm medium', 'session medium', 'support', 'medio', 'mezzo', 'midia', 'meio'],
  campaign: [
    ...['campaign', 'campaign name', 'utm campaign', 'session campaign', 'campaigns', 'campaign title'],
    ...['kampagne', 'kampagnenname', 'name der kampagne'],
    ...['campagne', 'nom de la campagne', 'nom de campagne', 'nom campagne'],
    ...['campana', 'nombre de la campana', 'nombre de campana'],
    ...['campagna', 'nome della campagna', 'nome campagna'],
    ...['campanha', 'nome da campanha', 'nome de campanha'],
    ...['naam campagne', 'campagnenaam', 'naam van campagne'],
  ],
  term: [
    ...['term', 'utm term', 'keyword', 'search keyword', 'keyword text', 'bid keyword', 'search keyword text'],
    ...['suchkeyword', 'keyword des suchnetzwerks', 'schlusselwort', 'suchbegriff'],
    ...['mot cle', 'mots cles', 'mot cle sur le reseau de recherche', 'mot cle de recherche'],
    ...['palabra clave', 'palabra clave de busqueda', 'palabra clave de la red de busqueda'],
    ...['parola chiave', 'parola chiave rete di ricerca', 'parola chiave per la rete di ricerca'],
    ...['palavra chave', 'palavra chave da pesquisa', 'palavra chave da rede de pesquisa', 'palavra chave de pesquisa'],
    ...['zoekwoord', 'zoekwoord in zoeknetwerk', 'zoekwoord voor zoeken'],
  ],
  cost: [
    ...['cost', 'spend', 'amount spent', 'total spent', 'total spend', 'spend in account currency', 'local spend'],
    ...['costs', 'total cost', 'ad spend', 'ad cost', 'ads cost', 'media cost', 'media spend', 'spent', 'expenses'],
    ...['google ads cost', 'advertiser ad cost', 'amount'],
    ...['kosten', 'ausgaben', 'ausgegebener betrag', 'gesamtausgaben', 'werbeausgaben', 'gesamtkosten', 'betrag'],
    ...['cout', 'couts', 'montant depense', 'depenses', 'depense', 'cout total', 'total depense', 'montant'],
    ...['coste', 'costo', 'importe gastado', 'monto gastado', 'cantidad gastada', 'gasto', 'gastos', 'costes'],
    ...['costos', 'gasto total', 'inversion', 'total gastado', 'importe'],
    ...['importo speso', 'costi', 'spesa', 'spesa totale', 'importo'],
    ...['custo', 'valor usado', 'valor gasto', 'montante gasto', 'quantia gasta', 'custos', 'investimento'],
    ...['besteed bedrag', 'bestede bedrag', 'uitgegeven bedrag', 'uitgaven', 'totale uitgaven', 'bedrag'],
  ],
  /** Amounts in millionths, as the platforms' interfaces give them. */
  costMicros: ['cost micros', 'metrics cost micros', 'spend micros', 'spend in micro dollar', 'spend micro'],
  currency: [
    ...['currency', 'currency code', 'account currency', 'customer currency code', 'currency symbol'],
    ...['wahrung', 'wahrungscode', 'kontowahrung', 'devise', 'code de devise', 'code devise', 'code de la devise'],
    ...['moneda', 'codigo de moneda', 'divisa', 'codigo de divisa', 'codigo de la moneda'],
    ...['valuta', 'codice valuta', 'codice della valuta', 'moeda', 'codigo da moeda', 'codigo de moeda'],
    ...['valutacode', 'valuta code'],
  ],
} satisfies Record<string, readonly string[]>;

type Named = Record<keyof typeof NAMES, number | null>;

/** The columns that costs are read from; null for those that a file does not have. */
export interface CostColumns extends Omit<Named, 'day' | 'from' | 'cost' | 'costMicros' | 'date'> {
  date: number;
  cost: number;
}

/** The headings of a file of costs. */
export interface CostHeadings {
  columns: CostColumns;
  /** All headings, as `readHeading` has them, for their further evidence. */
  names: readonly string[];
  /** True if the column is called just "day", as Google and Meta do. */
  isDay: boolean;
  /** The divisor of an amount. */
  scale: number;
  /** The currencies that the cost's own heading names, such as `Amount spent (USD)`; null if it names none. */
  currencies: readonly string[] | null;
}

/** Reads a line as headings; null if it does not name a day and a cost. */
export function costHeadings(cells: readonly string[]): CostHeadings | null {
  if (cells.length < 2) return null;
  const headings = cells.map(withUnit);
  const named = Object.fromEntries(
    Object.entries(NAMES).map(([column, names]) => [column, columnNamed(headings, names)]),
  ) as Named;
  const { day, from, costMicros, ...others } = named;
  const date = day ?? named.date ?? from;
  const cost = named.cost ?? costMicros;
  if (date === null || cost === null) return null;
  const unit = headings[cost]?.unit;
  return {
    columns: { ...others, date, cost, until: date === from ? named.until : null },
    names: headings.map(({ name, unit }) => (unit === null || currenciesOf(unit) ? name : `${name} ${unit}`)),
    isDay: day !== null,
    scale: named.cost === null ? 1_000_000 : 1,
    currencies: unit ? currenciesOf(unit) : null,
  };
}

/** Returns the currency that a title before the headings names, such as `Currency: USD`; null if none does. */
export function titledCurrency(titles: readonly (readonly string[])[]): readonly string[] | null {
  for (const cells of titles) {
    const [, label = '', value = ''] = /^([^:]+):?\s*(.*)$/.exec(cells.filter(Boolean).slice(0, 2).join(': ')) ?? [];
    const found = currenciesOf(value.replace(/^:\s*/, ''));
    if (found && (NAMES.currency as readonly string[]).includes(readHeading(label).name)) return found;
  }
  return null;
}

/** Reads a heading, and its currency where that stands without brackets: `Cost USD`, `Spend in EUR`, `Coste en EUR`. */
function withUnit(cell: string): Heading {
  const heading = readHeading(cell);
  // `Cost (micros)` and `Cost micros` are one.
  if (/\bmicros?\b/.test(heading.unit ?? '')) return { name: `${heading.name} micros`, unit: null };
  if (heading.unit !== null) return { ...heading, unit: heading.unit.replace(/^(?:in|en|em) /, '') };
  const [, name, unit] = /^(.+?)(?: in| en| em)? (\S{1,3})$/.exec(heading.name) ?? [];
  if (!name || !unit || !currenciesOf(unit)) return heading;
  return (NAMES.cost as readonly string[]).includes(name) ? { name, unit } : heading;
}
