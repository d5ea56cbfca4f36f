import { type EpochMs, type Form, type FormsQuery, type ListPage, rfc3339, type Site } from '@dialmark/shared';
import { boundsOf, decodeCursor, encodeCursor, type Part } from '../../platform/cursor.ts';
import { presentContact } from '../../pool/forms/contact.ts';
import type { LedgerCore } from '../core.ts';
import { word } from '../views.ts';
import { bound, Where } from './lists.ts';

const FORMS = `
  SELECT f.id, f.at, f.session, f.visitor, f.form, f.page, f.email, f.phone, f.name, v.seq AS visit,
    ${word('v.source')} AS source, ${word('v.medium')} AS medium, ${word('v.campaign')} AS campaign,
    ${word('v.term')} AS term, ${word('v.content')} AS content, ${word('v.channel')} AS channel,
    v.landing_page AS landingPage`;
const VISIT = 'LEFT JOIN visit v ON v.id = f.session';

type Line = Pick<Form, 'id' | 'session' | 'visitor'> &
  NonNullable<Form['contact']> &
  NonNullable<Form['touch']> & { at: EpochMs; form: string; page: string | null; visit: number | null };

/** Returns forms, latest first, from the cursor on; null for a cursor that is not ours. Days are the site's own. */
export function listForms(core: LedgerCore, { timeZone }: Site, query: FormsQuery): ListPage<Form> | null {
  const where = new Where();
  if (query.from !== undefined) where.add('f.at >= ?', bound(query.from, timeZone, 0));
  if (query.to !== undefined) where.add('f.at < ?', bound(query.to, timeZone, 1));
  if (query.session !== undefined) where.add('f.session = ?', query.session);
  if (query.visitor !== undefined) where.add('f.visitor = ?', query.visitor);
  if (query.cursor !== undefined) {
    const place = decodeCursor(query.cursor);
    if (!place) return null;
    where.add('(f.at, f.id) < (?, ?)', place.at, place.id);
  }
  const index =
    query.session !== undefined ? 'form_by_session' : query.visitor !== undefined ? 'form_by_visitor' : 'form_by_time';
  const rows = core.all<Line>(
    `${FORMS} FROM form f INDEXED BY ${index} ${VISIT} ${where} ORDER BY f.at DESC, f.id DESC LIMIT ?`,
    ...where.values,
    query.limit + 1,
  );
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return { items: shown.map(presentForm), cursor: more ? encodeCursor({ at: last.at, id: last.id }) : null };
}

/** Returns a part of the forms that a visitor sent, oldest first. */
export function formsOfVisitor(core: LedgerCore, visitor: string, part: Part): Form[] {
  return core
    .all<Line>(
      `${FORMS} FROM form f INDEXED BY form_by_visitor ${VISIT}
       WHERE f.visitor = ? AND (f.at, f.id) > (?, ?) ORDER BY f.at, f.id LIMIT ?`,
      visitor,
      ...boundsOf(part),
    )
    .map(presentForm);
}

/** Returns one form. */
export function findForm(core: LedgerCore, id: string): Form | null {
  const row = core.first<Line>(`${FORMS} FROM form f ${VISIT} WHERE f.id = ?`, id);
  return row && presentForm(row);
}

function presentForm(row: Line): Form {
  const { id, at, session, visitor, visit } = row;
  const { source, medium, campaign, term, content, channel, landingPage } = row;
  return {
    id,
    at: rfc3339(at),
    session,
    visitor,
    form: JSON.parse(row.form),
    contact: presentContact(row),
    page: row.page === null ? null : JSON.parse(row.page),
    touch: visit === null ? null : { source, medium, campaign, term, content, channel, landingPage },
  };
}
