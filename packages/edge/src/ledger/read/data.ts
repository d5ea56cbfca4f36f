import type { DataTable } from '@dialmark/shared';

/** Each table's key without the site: the order it is read in, and where a page goes on. */
const KEYS: Record<DataTable, readonly string[]> = {
  sessions: ['id'],
  page_views: ['session', 'n'],
  bindings: ['id'],
  calls: ['id'],
  call_touches: ['day', 'call', 'position'],
  visitor_users: ['user_id', 'visitor'],
  visit_counts: ['dimension', 'period', 'key'],
  channel_weights: ['channel'],
  costs: ['day', 'source', 'medium', 'campaign', 'term'],
  deliveries: ['id'],
};

export type DataRow = Record<string, string | number | null>;

export interface DataPage {
  columns: string[];
  rows: DataRow[];
  cursor: string | null;
}

/** Rows of a table in the order of its key, from the cursor on. @returns null for a cursor that is not ours */
export async function readTable(
  ledger: D1Database,
  site: string,
  table: DataTable,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<DataPage | null> {
  const key = KEYS[table];
  const place = cursor === undefined ? null : decodePlace(cursor, key.length);
  if (cursor !== undefined && place === null) return null;
  const after = place ? `AND (${key.join(', ')}) > (${key.map(() => '?').join(', ')})` : '';
  const [rows, columns] = await ledger.batch([
    ledger
      .prepare(`SELECT * FROM ${table} WHERE site = ? ${after} ORDER BY ${key.join(', ')} LIMIT ?`)
      .bind(site, ...(place ?? []), limit + 1),
    ledger.prepare('SELECT name FROM pragma_table_info(?)').bind(table),
  ]);
  const found = (rows?.results ?? []) as DataRow[];
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    columns: ((columns?.results ?? []) as { name: string }[]).map(({ name }) => name).filter((name) => name !== 'site'),
    rows: page,
    cursor: found.length > limit && last ? encodePlace(key.map((column) => last[column] as string | number)) : null,
  };
}

function encodePlace(place: readonly (string | number)[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(place));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decodePlace(cursor: string, length: number): (string | number)[] | null {
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const place: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0))));
    const isPlace =
      Array.isArray(place) &&
      place.length === length &&
      place.every((part) => typeof part === 'string' || typeof part === 'number');
    return isPlace ? place : null;
  } catch {
    return null;
  }
}
