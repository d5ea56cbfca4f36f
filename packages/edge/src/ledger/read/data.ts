import type { DataTable } from '@dialmark/shared';
import { seqOf } from '../../pool/leases/binding-id.ts';
import type { LedgerCore } from '../core.ts';
import { VIEWS } from '../views.ts';

/** Each table's key: the order it is read in, and where a page goes on. */
const KEYS: Record<DataTable, readonly string[]> = {
  sessions: ['id'],
  page_views: ['session', 'n'],
  bindings: ['id'],
  calls: ['id'],
  forms: ['id'],
  call_touches: ['day', 'call', 'position'],
  leads: ['id'],
  lead_contacts: ['kind', 'id'],
  lead_touches: ['day', 'lead', 'position'],
  outcomes: ['id'],
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

/** The cursor and order of tables that are not read by the key they show. */
const BY_SEQ: Partial<Record<DataTable, { after: (id: string) => number; query: string }>> = {
  bindings: {
    after: seqOf,
    query: VIEWS.bindings.replace('FROM hold h', 'FROM (SELECT * FROM hold WHERE seq > ? ORDER BY seq LIMIT ?) h'),
  },
};

/** Returns rows of a table in the order of its key, from the cursor on; null for a cursor that is not ours. */
export function readTable(
  core: LedgerCore,
  table: DataTable,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): DataPage | null {
  const key = KEYS[table];
  const place = cursor === undefined ? null : decodePlace(cursor, key.length);
  if (cursor !== undefined && place === null) return null;
  const bySeq = BY_SEQ[table];
  const after = place ? `WHERE (${key.join(', ')}) > (${key.map(() => '?').join(', ')})` : '';
  const found = bySeq
    ? core.sql.exec(bySeq.query, place ? bySeq.after(String(place[0])) : 0, limit + 1)
    : core.sql.exec(`SELECT * FROM ${table} ${after} ORDER BY ${key.join(', ')} LIMIT ?`, ...(place ?? []), limit + 1);
  const columns = found.columnNames;
  const rows = found.toArray() as DataRow[];
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    columns,
    rows: page,
    cursor: rows.length > limit && last ? encodePlace(key.map((column) => last[column] as string | number)) : null,
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
