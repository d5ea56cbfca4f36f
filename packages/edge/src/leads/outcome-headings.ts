import { currenciesOf } from '@dialmark/shared/table/currency';
import { readHeading } from '@dialmark/shared/table/heading';

/**
 * What columns are called by HubSpot, Salesforce, Jobber, Housecall Pro, ServiceTitan and in plain spreadsheets: English
 * first, then German, French, Spanish, Italian, Portuguese and Dutch. As `readHeading` has them, `#` as a word. Where a
 * file has several, the first name here that it has wins; telephone numbers and addresses are looked for in all of them.
 */
const NAMES = {
  id: [
    ...['id', 'job id', 'job number', 'job no', 'job', 'deal id', 'opportunity id', 'record id', 'record id deal'],
    ...['order id', 'order number', 'order no', 'invoice number', 'invoice id', 'invoice no', 'invoice', 'project id'],
    ...['estimate number', 'quote number', 'contract number', 'booking id', 'appointment id', 'transaction id'],
    ...['reference', 'ref', 'external id', 'number', 'hcp id', 'lead number', 'lead id', 'contact id', 'customer id'],
    ...['auftragsnummer', 'auftrag', 'rechnungsnummer', 'vorgangsnummer', 'nummer'],
    ...['numero de commande', 'numero de facture', 'numero', 'numero de pedido', 'numero de factura'],
    ...['numero ordine', 'numero fattura', 'numero do pedido', 'ordernummer', 'factuurnummer'],
  ],
  lead: ['lead', 'dialmark lead', 'dialmark lead id'],
  call: ['call', 'call id', 'call sid', 'dialmark call', 'dialmark call id'],
  phone: [
    ...[
      'phone',
      'phone number',
      'mobile',
      'mobile phone',
      'mobile number',
      'mobile phone number',
      'cell',
      'cell phone',
    ],
    ...['cell number', 'telephone', 'telephone number', 'tel', 'caller', 'caller id', 'caller number', 'contact phone'],
    ...['contact phone number', 'contact mobile', 'customer phone', 'customer phone number', 'customer mobile'],
    ...[
      'client phone',
      'client phone number',
      'client mobile',
      'main phone',
      'primary phone',
      'best phone',
      'lead phone',
    ],
    ...['home phone', 'home number', 'work phone', 'work number', 'business phone', 'account phone', 'billing phone'],
    ...['service phone', 'other phone', 'phone 1', 'phone 2', 'associated contact phone', 'primary contact phone'],
    ...['telefon', 'telefonnummer', 'handy', 'handynummer', 'mobiltelefon', 'rufnummer', 'telephone portable'],
    ...['numero de telephone', 'portable', 'telefono', 'numero de telefono', 'movil', 'celular', 'cellulare'],
    ...['numero di telefono', 'telefone', 'telemovel', 'numero de telefone', 'telefoonnummer', 'telefoon', 'mobiel'],
  ],
  email: [
    ...[
      'email',
      'e mail',
      'email address',
      'e mail address',
      'mail',
      'contact email',
      'customer email',
      'client email',
    ],
    ...['primary email', 'main email', 'lead email', 'work email', 'personal email', 'billing email', 'account email'],
    ...['associated contact email', 'primary contact email', 'client e mail', 'customer e mail'],
    ...['e mail adresse', 'mailadresse', 'courriel', 'adresse email', 'adresse e mail', 'correo', 'correo electronico'],
    ...['indirizzo email', 'endereco de email', 'emailadres', 'e mailadres'],
  ],
  at: [
    ...['at', 'outcome date', 'date', 'close date', 'closed date', 'date closed', 'closed on', 'closed at', 'won date'],
    ...['completed date', 'completion date', 'date completed', 'completed on', 'completed at', 'job completed date'],
    ...['finished', 'finished at', 'finish date', 'completed', 'sold on', 'sold date', 'sale date', 'paid date'],
    ...['date paid', 'paid on', 'payment date', 'invoice date', 'invoiced on', 'issued date', 'converted date'],
    ...[
      'booked date',
      'booked on',
      'job date',
      'service date',
      'appointment date',
      'scheduled date',
      'scheduled start',
    ],
    ...['scheduled start date', 'schedule start', 'job scheduled start date', 'start date', 'last modified date'],
    ...['last stage change date', 'last updated', 'modified date', 'updated at', 'created date', 'create date'],
    ...['created at', 'created on', 'date created', 'time', 'timestamp'],
    ...['datum', 'abschlussdatum', 'rechnungsdatum', 'fecha', 'fecha de cierre', 'date de cloture', 'data'],
    ...['data di chiusura', 'data de fechamento', 'afsluitdatum', 'sluitingsdatum'],
  ],
  stage: [
    ...['stage', 'status', 'outcome', 'deal stage', 'stage name', 'opportunity stage', 'job status', 'work status'],
    ...['lead status', 'invoice status', 'quote status', 'estimate status', 'lifecycle stage', 'result', 'state'],
    ...['disposition', 'phase', 'etape', 'statut', 'etapa', 'estado', 'fase', 'stato', 'situacao'],
  ],
  value: [
    ...['value', 'amount', 'deal amount', 'total', 'job total', 'jobs total', 'job amount', 'total amount', 'revenue'],
    ...['total revenue', 'job revenue', 'jobs total revenue', 'jobs revenue', 'job value', 'deal value', 'sale amount'],
    ...['sales', 'sold amount', 'invoice total', 'invoice amount', 'invoice total amount', 'jobs subtotal', 'subtotal'],
    ...['completed revenue', 'amount in company currency', 'price', 'paid amount', 'amount paid', 'total paid'],
    ...['expected revenue', 'estimate total', 'quote total', 'betrag', 'gesamtbetrag', 'umsatz', 'wert', 'summe'],
    ...['montant', 'montant total', 'chiffre d affaires', 'importe', 'importe total', 'ingresos', 'valor'],
    ...['importo', 'importo totale', 'totale', 'receita', 'valor total', 'bedrag', 'totaalbedrag', 'omzet'],
  ],
  currency: [
    ...[
      'currency',
      'currency code',
      'currency iso code',
      'deal currency code',
      'wahrung',
      'devise',
      'moneda',
      'divisa',
    ],
    ...['valuta', 'moeda'],
  ],
} as const satisfies Record<string, readonly string[]>;

export type OutcomeColumn = keyof typeof NAMES;

/** The columns that each value is read from, the likeliest first. */
export interface OutcomeHeadings {
  columns: Record<OutcomeColumn, readonly number[]>;
  /** The currencies that the heading of amounts names; null if it names none. */
  currencies: readonly string[] | null;
}

/** Of these a row may have several, and the first that says something counts. */
const SEVERAL: ReadonlySet<OutcomeColumn> = new Set(['phone', 'email']);

/** Reads a line as headings; null if it names nobody, or says nothing of them. */
export function outcomeHeadings(cells: readonly string[]): OutcomeHeadings | null {
  if (cells.length < 2) return null;
  const headings = cells.map((cell) => readHeading(cell.replaceAll('#', ' number ').replaceAll('№', ' number ')));
  const taken = new Set<number>();
  const columns = {} as Record<OutcomeColumn, number[]>;
  for (const column of Object.keys(NAMES) as OutcomeColumn[]) {
    const found = NAMES[column].flatMap((name) =>
      headings.flatMap((heading, index) => (heading.name === name && !taken.has(index) ? [index] : [])),
    );
    columns[column] = SEVERAL.has(column) ? found : found.slice(0, 1);
    for (const index of columns[column]) taken.add(index);
  }
  const names = (...some: OutcomeColumn[]) => some.some((column) => columns[column].length > 0);
  if (!names('phone', 'email', 'lead', 'call') || !names('id', 'at', 'stage', 'value')) return null;
  const unit = headings[columns.value[0] ?? -1]?.unit;
  return { columns, currencies: unit ? currenciesOf(unit) : null };
}
