import type { EpochMs } from '@dialmark/shared';
import type { LedgerCore } from '../core.ts';
import { dayAt } from '../days.ts';
import type { LedgerForm } from './batch.ts';

/** A form that was erased stays so: what a pool tells of it later names nobody. */
const UPSERT = `
  INSERT INTO form (id, rev, day, at, session, visitor, form, page, email, phone, name, erased)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, day = excluded.day, at = excluded.at, session = excluded.session,
    visitor = excluded.visitor, form = excluded.form, page = excluded.page, email = excluded.email,
    phone = excluded.phone, name = excluded.name, erased = excluded.erased
  WHERE excluded.rev >= form.rev AND form.erased <= excluded.erased`;

/**
 * Writes a form as its pool has it now: the one place where a form comes into the ledger.
 * @returns whether that changed what the ledger has
 */
export function writeForm(core: LedgerCore, rev: number, form: LedgerForm, timeZone: string): boolean {
  const { rowsWritten } = core.sql.exec(
    UPSERT,
    form.id,
    rev,
    dayAt(form.at as EpochMs, timeZone),
    form.at,
    form.session,
    form.visitor,
    JSON.stringify(form.form),
    form.page && JSON.stringify(form.page),
    form.email,
    form.phone,
    form.name,
    form.erased ? 1 : 0,
  );
  return rowsWritten > 0;
}
