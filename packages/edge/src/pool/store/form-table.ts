import type { EpochMs } from '@dialmark/shared';
import type { Outbox } from '../sync/outbox.ts';
import type { FormRow } from './rows.ts';
import { type Raw, Table } from './table.ts';

/** Rows looked at at once: a few milliseconds' work. */
const SLICE = 200;

/** Forms. Each change is noted for the ledger with it. */
export class FormTable extends Table {
  readonly #outbox: Outbox;

  constructor(sql: SqlStorage, outbox: Outbox) {
    super(sql);
    this.#outbox = outbox;
  }

  get(id: string): FormRow | null {
    const [row] = this.all('SELECT * FROM forms WHERE id = ?', id);
    return row ? toForm(row) : null;
  }

  save(row: FormRow): void {
    this.#outbox.note({ kind: 'form', key: row.id });
    this.run(
      `INSERT OR REPLACE INTO forms (id, at, session, visitor, form, page, email, phone, name, erased)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.id,
      row.at,
      row.session,
      row.visitor,
      JSON.stringify(row.form),
      row.page && JSON.stringify(row.page),
      row.email,
      row.phone,
      row.name,
      row.erased ? 1 : 0,
    );
  }

  /** Notes forms for the ledger once more, those since a moment, by id. @returns the last one's; null at the end */
  noteAfter(id: string, since: EpochMs, limit: number): string | null {
    const rows = this.all('SELECT id FROM forms WHERE id > ? AND at >= ? ORDER BY id LIMIT ?', id, since, limit);
    for (const row of rows) this.#outbox.note({ kind: 'form', key: row.id as string });
    return rows.length < limit ? null : (rows.at(-1)?.id as string);
  }

  /** Removes a slice of those before a moment. @returns whether there may be more */
  forgetBefore(before: EpochMs): boolean {
    return this.run(`DELETE FROM forms WHERE id IN (SELECT id FROM forms WHERE at < ? LIMIT ${SLICE})`, before) > 0;
  }
}

function toForm(row: Raw): FormRow {
  return {
    ...row,
    form: JSON.parse(row.form as string),
    page: row.page === null ? null : JSON.parse(row.page as string),
    erased: row.erased === 1,
  } as unknown as FormRow;
}
