import type { LedgerCore } from '../core.ts';
import { FACTS } from '../dimensions.ts';

const OF_VISITS = [...FACTS.map(([, column]) => column).filter((column) => column !== 'hour'), 'variant'];
/** A table in which numbers of words stand: by which key it is read, and in which columns they are. */
interface Holder {
  table: string;
  key: readonly string[];
  columns: readonly string[];
}
const HOLDERS: readonly Holder[] = [
  { table: 'visit', key: ['seq'], columns: [...OF_VISITS, 'referrer'] },
  { table: 'hold', key: ['seq'], columns: ['number', 'target', 'kind'] },
  { table: 'touch', key: ['day', 'call', 'position'], columns: [...OF_VISITS, 'number', 'target'] },
];

/** Rows read, and words dropped, at once: a few milliseconds' work. */
const SLICE = 1000;

const SWEEP_DUE = 'words_to_sweep';

/** Notes that rows are gone, and perhaps words with them. */
export function sweepWordsLater(core: LedgerCore): void {
  core.storage.kv.put(SWEEP_DUE, crypto.randomUUID());
}

/** How far a sweep has come: which table is read from where on, and what was found in use. */
interface Sweep {
  /** Which one it is: another is due once more was forgotten. */
  due: string;
  holder: number;
  after: number[];
  used: Set<number>;
  /** Words that are younger than the sweep are in use. */
  upTo: number;
}

/** Drops the words that no row has any more: what was forgotten leaves no path, tag or host behind. */
export class WordSweep {
  readonly #core: LedgerCore;
  /** Whoever is interrupted reads again. */
  #sweep: Sweep | null = null;

  constructor(core: LedgerCore) {
    this.#core = core;
  }

  /** Reads or drops a slice more. @returns whether there is more to do */
  next(slice = SLICE): boolean {
    const core = this.#core;
    const due = core.storage.kv.get<string>(SWEEP_DUE);
    if (due === undefined) return false;
    if (this.#sweep?.due !== due)
      this.#sweep = { due, holder: 0, after: [], used: core.words.watch(), upTo: lastWord(core) };
    const at = this.#sweep;
    const holder = HOLDERS[at.holder];
    if (holder) {
      const last = read(core, holder, at, slice);
      if (last === null) at.holder++;
      at.after = last ?? [];
      return true;
    }
    at.after = [drop(core, at, at.after[0] ?? 0, slice)];
    if ((at.after[0] as number) < at.upTo) return true;
    core.words.unwatch();
    core.storage.kv.delete(SWEEP_DUE);
    this.#sweep = null;
    return false;
  }
}

function lastWord(core: LedgerCore): number {
  return core.first<{ id: number }>('SELECT max(id) AS id FROM words')?.id ?? 0;
}

/** Reads a slice of a table. @returns the last row's key; null at the end */
function read(core: LedgerCore, { table, key, columns }: Holder, at: Sweep, slice: number): number[] | null {
  const after = at.after.length > 0 ? `WHERE (${key.join(', ')}) > (${key.map(() => '?').join(', ')})` : '';
  const rows = core.sql.exec<Record<string, string | number | null>>(
    `SELECT ${[...key, ...columns].join(', ')} FROM ${table} ${after} ORDER BY ${key.join(', ')} LIMIT ?`,
    ...at.after,
    slice,
  );
  let last: Record<string, string | number | null> | null = null;
  let count = 0;
  for (const row of rows) {
    for (const column of columns) if (typeof row[column] === 'number') at.used.add(row[column]);
    last = row;
    count++;
  }
  return count < slice || last === null ? null : key.map((column) => last?.[column] as number);
}

/** Drops the unused among a slice of the words. @returns the last one looked at */
function drop(core: LedgerCore, { used, upTo }: Sweep, after: number, slice: number): number {
  const ids = core
    .all<{ id: number }>('SELECT id FROM words WHERE id > ? AND id <= ? ORDER BY id LIMIT ?', after, upTo, slice)
    .map(({ id }) => id);
  const unused = ids.filter((id) => !used.has(id));
  if (unused.length > 0) {
    core.change(() =>
      core.sql.exec('DELETE FROM words WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(unused)),
    );
    core.words.reset();
  }
  return ids.length < slice ? upTo : (ids.at(-1) as number);
}
