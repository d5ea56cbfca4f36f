const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/**
 * A day as exports write it: `2026-11-24`, `11/24/2026` (month first, as the ad platforms' English exports have it),
 * `24.11.2026`, `Nov 24, 2026`. Null for anything else, and for days that do not exist.
 */
export function readDay(text: string): string | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?(?:\.0+)?Z?)?$/.exec(text);
  if (iso) return day(iso[1], iso[2], iso[3]);
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (american) return day(american[3], american[1], american[2]);
  const dotted = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text);
  if (dotted) return day(dotted[3], dotted[2], dotted[1]);
  const named = /^([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})$/.exec(text);
  const month = named ? MONTHS.indexOf((named[1] as string).toLowerCase()) + 1 : 0;
  return named && month > 0 ? day(named[3], String(month), named[2]) : null;
}

function day(year = '', month = '', date = ''): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text) ? text : null;
}

/**
 * An amount as exports write it: `120.5`, `1,234.56`, `1.234,56`, `$ 12`, `US$1,200.00`, `12,50 €`; a dash is nothing
 * spent. Of a single comma or dot followed by three digits it is for thousands only if it is a comma. Null for
 * anything else.
 */
export function readAmount(text: string): number | null {
  const dense = text.replace(/[\s\u00a0\u202f]/g, '');
  const bare = dense.replace(/^[A-Z]{2,3}\$?(?=[-\d])|[$€£¥]|(?<=\d)[A-Z]{3}$/g, '');
  if (/^(-|–|—|--)$/.test(bare)) return 0;
  if (!/^-?\d[\d.,']*$/.test(bare)) return null;
  const plain = bare.replaceAll("'", '');
  const [comma, dot] = [plain.lastIndexOf(','), plain.lastIndexOf('.')];
  const isDecimalComma = comma > dot && (dot >= 0 || !/^-?\d{1,3}(,\d{3})+$/.test(plain));
  const amount = Number(isDecimalComma ? plain.replaceAll('.', '').replace(',', '.') : plain.replaceAll(',', ''));
  return Number.isFinite(amount) ? amount : null;
}
