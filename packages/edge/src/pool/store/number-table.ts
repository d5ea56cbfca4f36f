import type { NumberRow } from './rows.ts';
import { Table } from './table.ts';

/** The site's tracking numbers. */
export class NumberTable extends Table {
  list(): NumberRow[] {
    return this.all(
      'SELECT number, target, kind, name, match, preset, counts, status, added_at AS addedAt, added_by AS addedBy, position FROM numbers ORDER BY position',
    ).map((row) => ({
      ...row,
      match: row.match === null ? null : JSON.parse(row.match as string),
      counts: row.counts === null ? null : JSON.parse(row.counts as string),
    })) as NumberRow[];
  }

  save(row: NumberRow): void {
    this.run(
      'INSERT OR REPLACE INTO numbers (number, target, kind, name, match, preset, counts, status, added_at, added_by, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      row.number,
      row.target,
      row.kind,
      row.name,
      row.match && JSON.stringify(row.match),
      row.preset,
      row.counts && JSON.stringify(row.counts),
      row.status,
      row.addedAt,
      row.addedBy,
      row.position,
    );
  }

  delete(number: string): void {
    this.run('DELETE FROM numbers WHERE number = ?', number);
  }
}
