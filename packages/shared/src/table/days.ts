import { visible } from './cell.ts';

/** Position of the day among two numbers before a year: `24/11/2026` or `11/24/2026`. */
export type DayOrder = 'dmy' | 'mdy';

/** A day, with the time where there is one. */
export interface ReadDay {
  /** `2026-11-24` */
  day: string;
  /** `13:05:00`, as written; null where only the day is. */
  time: string | null;
  /** `Z` or `+01:00`; null where nothing is said. */
  zone: string | null;
}

/** Evidence of the order of days in one column. */
export interface DayEvidence {
  /** Cells that are a day in one order only. */
  dmy: number;
  mdy: number;
  /** Cells that are a day in either order, and not the same one. */
  open: number;
  /** Cells that need no order: the year comes first, or the month is named. */
  plain: number;
}

export const noDayEvidence = (): DayEvidence => ({ dmy: 0, mdy: 0, open: 0, plain: 0 });

/** Adds what a cell says of its column to the evidence. */
export function weighDay(evidence: DayEvidence, text: string): void {
  const shape = shapeOf(text);
  if (!shape) return;
  if (shape.kind === 'plain') {
    evidence.plain++;
    return;
  }
  const { dmy, mdy } = shape;
  if (dmy !== null && mdy !== null) {
    // 5 May is 5 May; with a year of two digits even the year is open.
    if (dmy !== mdy || shape.isShortYear) evidence.open++;
  } else if (shape.isShortYear) {
    if (dmy !== null || mdy !== null) evidence.open++;
  } else if (dmy !== null) evidence.dmy++;
  else if (mdy !== null) evidence.mdy++;
}

/**
 * Judges a column by all of its cells.
 * @returns the order; null where no cell needs one; `undecided` where every cell reads both ways; `mixed` where cells
 *   contradict each other
 */
export function dayOrder({ dmy, mdy, open }: DayEvidence): DayOrder | 'undecided' | 'mixed' | null {
  if (dmy > 0 && mdy > 0) return 'mixed';
  if (dmy > 0) return 'dmy';
  if (mdy > 0) return 'mdy';
  return open > 0 ? 'undecided' : null;
}

/**
 * Reads a day as exports write it: `2026-11-24`, `2026/11/24`, `20261124`, `24.11.2026`, `24/11/2026` or `11/24/2026`
 * in the order of its column, `Nov 24, 2026`, `24. November 2026`, `24 de noviembre de 2026`; with a time or without.
 * @returns null for anything else, and for days that do not exist
 */
export function readDay(text: string, order: DayOrder | null): ReadDay | null {
  const shape = shapeOf(text);
  if (!shape) return null;
  const day =
    shape.kind === 'plain'
      ? shape.day
      : order
        ? shape[order]
        : // Without an order only what is the same in both.
          shape.dmy === shape.mdy && !shape.isShortYear
          ? shape.dmy
          : null;
  return day === null ? null : { day, time: shape.time, zone: shape.zone };
}

interface Clock {
  time: string | null;
  zone: string | null;
}
type Shape =
  | ({ kind: 'plain'; day: string } & Clock)
  | ({ kind: 'open'; isShortYear: boolean } & Record<DayOrder, string | null> & Clock);

const TIME =
  /[T ,]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap])?\.?(?:m\b\.?)?\s*(z|utc|gmt|[+-]\d{2}:?\d{2})?$/i;

/** A cache: files repeat their days, and each is judged once and read once. */
const known = new Map<string, Shape | null>();
const KNOWN = 5000;

function shapeOf(text: string): Shape | null {
  const before = known.get(text);
  if (before !== undefined) return before;
  if (known.size >= KNOWN) known.clear();
  const shape = readShape(text);
  if (text.length <= LONGEST) known.set(text, shape);
  return shape;
}

const LONGEST = 60;

function readShape(text: string): Shape | null {
  const whole = visible(text);
  if (whole.length > LONGEST || !/\d/.test(whole)) return null;
  const found = TIME.exec(whole);
  const clock = found ? clockOf(found) : { time: null, zone: null };
  if (!clock) return null;
  const bare = found ? whole.slice(0, found.index).replace(/,$/, '').trim() : whole;

  const yearFirst =
    /^(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?[.日]?$/.exec(bare) ??
    /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(bare);
  if (yearFirst) return plain(dayOf(Number(yearFirst[1]), Number(yearFirst[2]), Number(yearFirst[3])), clock);

  const numbers = /^(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})\.?$/.exec(bare);
  if (numbers) {
    const [first, second] = [Number(numbers[1]), Number(numbers[3])];
    const isShortYear = numbers[4]?.length === 2;
    const year = Number(numbers[4]) + (isShortYear ? 2000 : 0);
    // Dots stand between day, month and year, in this order, wherever they are used.
    if (numbers[2] === '.') return plain(dayOf(year, second, first), clock);
    return { kind: 'open', isShortYear, dmy: dayOf(year, second, first), mdy: dayOf(year, first, second), ...clock };
  }
  return plain(namedDay(bare), clock);
}

const plain = (day: string | null, clock: Clock): Shape | null =>
  day === null ? null : { kind: 'plain', day, ...clock };

function clockOf([, hour = '', minute = '', second = '00', half, zone]: RegExpExecArray): Clock | null {
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0) : Number(hour);
  if (hours > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const offset = zone && /^[+-]/.test(zone) ? zone.replace(/^(...):?/, '$1:') : 'Z';
  return { time: `${String(hours).padStart(2, '0')}:${minute}:${second}`, zone: zone ? offset : null };
}

function dayOf(year: number, month: number, date: number): string | null {
  const at = new Date(Date.UTC(year, month - 1, date));
  const exists = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === date;
  return exists ? at.toISOString().slice(0, 10) : null;
}

/** The months in English, German, French, Spanish, Italian, Portuguese and Dutch, without accents. */
const MONTHS: readonly string[] = [
  'january januar janner janvier enero gennaio janeiro januari',
  'february februar feber fevrier febrero febbraio fevereiro februari',
  'march marz mrz mars marzo marco maart mrt',
  'april avril abril aprile',
  'may mai mayo maggio maio mei',
  'june juni juin junio giugno junho',
  'july juli juillet jul julio luglio julho',
  'august aout agosto augustus',
  'september septembre septiembre setiembre settembre setembro',
  'october oktober octobre octubre ottobre outubro',
  'november novembre noviembre novembro',
  'december dezember decembre diciembre dicembre dezembro',
];

/** Every month by its name and by each abbreviation of three letters or more; 0 where that could be two months. */
const MONTH_BY_NAME = new Map<string, number>();
MONTHS.forEach((names, index) => {
  for (const name of names.split(' ')) {
    for (let length = 3; length <= name.length; length++) {
      const short = name.slice(0, length);
      const known = MONTH_BY_NAME.get(short);
      MONTH_BY_NAME.set(short, known === undefined || known === index + 1 ? index + 1 : 0);
    }
  }
});

/** Between the parts of a day in words: `24 de noviembre de 2026`, `November 24th`, `1er novembre`, `24th of November`. */
const FILLERS = new Set(['de', 'del', 'of', 'the', 'den', 'der', 'le', 'il', 'el']);

function namedDay(text: string): string | null {
  const tokens = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[\s.,/-]+/)
    .map((token) => token.replace(/^(\d{1,2})(?:st|nd|rd|th|er|º|ª|o|e)$/, '$1'))
    .filter((token) => token !== '' && !FILLERS.has(token));
  // A weekday comes first, and may look like a month: `mar. 24 nov. 2026`.
  if (tokens.length === 4 && /^[a-z]+$/.test(tokens[0] ?? '')) tokens.shift();
  if (tokens.length !== 3) return null;
  const at = tokens.findIndex((token) => MONTH_BY_NAME.has(token));
  const month = MONTH_BY_NAME.get(tokens[at] ?? '') ?? 0;
  if (month === 0 || at > 1) return null;
  const [first = '', last = ''] = tokens.filter((_, i) => i !== at);
  if (!/^\d+$/.test(first) || !/^\d+$/.test(last)) return null;
  if (last.length === 4 && first.length <= 2) return dayOf(Number(last), month, Number(first));
  if (at === 1 && first.length === 4 && last.length <= 2) return dayOf(Number(first), month, Number(last));
  // `24-Nov-26`, as spreadsheets write it.
  if (at === 1 && first.length <= 2 && last.length === 2) return dayOf(2000 + Number(last), month, Number(first));
  return null;
}
