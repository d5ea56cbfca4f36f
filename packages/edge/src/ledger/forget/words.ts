import type { LedgerCore } from '../core.ts';
import { FACTS } from '../dimensions.ts';

const OF_VISITS = [...FACTS.map(([, column]) => column).filter((column) => column !== 'hour'), 'variant'];
/** The columns that hold word numbers. */
const HOLDERS: Record<string, readonly string[]> = {
  visit: [...OF_VISITS, 'referrer'],
  hold: ['number', 'target', 'kind'],
  touch: [...OF_VISITS, 'number', 'target'],
  lead_touch: [...OF_VISITS, 'number', 'target'],
};

const UNUSED = Object.entries(HOLDERS)
  .flatMap(([table, columns]) =>
    columns.map((column) => `AND id NOT IN (SELECT ${column} FROM ${table} WHERE ${column} IS NOT NULL)`),
  )
  .join('\n  ');

/** Drops the words that no row has any more: what was forgotten leaves no path, tag or host behind. */
export function forgetWords(core: LedgerCore): void {
  core.change(() => core.sql.exec(`DELETE FROM words WHERE id <> 0 ${UNUSED}`));
  core.words.reset();
}
