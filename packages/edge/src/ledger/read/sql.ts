import type { FieldError, SqlQuery, SqlResult } from '@dialmark/shared';
import { toBase64Url } from '../../platform/signature.ts';
import type { LedgerCore } from '../core.ts';

/** The maximum size of a response, as JSON. */
const MOST_CHARACTERS = 8_000_000;

/** The first words of statements that read. */
const READS = /^(?:select|with|values|explain)\b/i;

/** Thrown to have everything undone that a statement did. */
class RolledBack extends Error {}

/**
 * Runs a statement for people, inside a transaction that is always rolled back: whatever it does, nothing is kept. A
 * statement cannot be interrupted: one that runs beyond the object's processor time has it restarted, and loses nothing.
 *
 * @returns the rows, or what is wrong with the statement
 */
export function query(core: LedgerCore, { sql, params, limit }: SqlQuery): SqlResult | FieldError {
  const error = statementError(sql);
  if (error) return invalid(error);
  let result: SqlResult | null = null;
  try {
    core.change(() => {
      result = read(core.sql.exec(sql, ...params), limit);
      throw new RolledBack();
    });
  } catch (error) {
    if (!(error instanceof RolledBack)) return invalid(wording(error));
  }
  return result ?? invalid('returned nothing');
}

function read(cursor: SqlStorageCursor<Record<string, SqlStorageValue>>, limit: number): SqlResult {
  const rows: SqlResult['rows'] = [];
  let size = 0;
  for (const values of cursor.raw()) {
    const row = values.map(plain);
    size += JSON.stringify(row).length;
    if (rows.length >= limit || size > MOST_CHARACTERS) return { columns: cursor.columnNames, rows, truncated: true };
    rows.push(row);
  }
  return { columns: cursor.columnNames, rows, truncated: false };
}

function plain(value: SqlStorageValue): string | number | null {
  if (value instanceof ArrayBuffer) return toBase64Url(new Uint8Array(value));
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}

/** Says why a text is not one statement that reads; null where it is. */
export function statementError(sql: string): string | null {
  const bare = withoutTexts(sql).trim();
  if (!READS.test(bare)) return 'must begin with SELECT, WITH, VALUES or EXPLAIN';
  return /;\s*\S/.test(bare) ? 'must be one statement' : null;
}

/** The statement without comments, and with nothing in its quotation marks: what is left of `;` ends a statement. */
function withoutTexts(sql: string): string {
  return sql.replace(
    /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]/g,
    (text) => (text.startsWith('--') || text.startsWith('/*') ? ' ' : "''"),
  );
}

function wording(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return `was refused: ${text.replace(/: SQLITE_\w+$/, '')}`;
}

function invalid(message: string): FieldError {
  return { path: 'sql', code: 'invalid_sql', message };
}
