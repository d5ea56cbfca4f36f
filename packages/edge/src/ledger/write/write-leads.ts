import { phoneKey } from '../../leads/person.ts';
import type { LedgerCore } from '../core.ts';
import type { LedgerBatch } from './batch.ts';
import { nothingUnsettled, writeContact } from './contacts.ts';
import { journeysChanged } from './lead-touches.ts';
import { settleLeads } from './leads.ts';

/** Forms of visits: they may have come in before their visit did. */
const FORMS_OF = `
  SELECT f.id FROM json_each(?) s CROSS JOIN form f INDEXED BY form_by_session ON f.session = s.value`;

/**
 * Brings leads up to date with a batch, once its rows are written.
 * @param journeys the calls whose journeys were written anew
 */
export function writeLeads(
  core: LedgerCore,
  { sessions, calls, forms = [], deleted = [] }: LedgerBatch,
  journeys: readonly string[],
): void {
  journeysChanged(core, 'call', journeys);
  if (sessions.length > 0) {
    const ids = core.all<{ id: string }>(FORMS_OF, JSON.stringify(sessions.map(({ id }) => id)));
    journeysChanged(
      core,
      'form',
      ids.map(({ id }) => id),
    );
  }
  const unsettled = nothingUnsettled();
  for (const id of [...calls.map((call) => call.id), ...deleted]) writeContact(core, 'call', id, unsettled);
  for (const { id } of forms) writeContact(core, 'form', id, unsettled);
  // Somebody may have been called back.
  for (const { number } of calls) {
    if (core.first('SELECT 1 FROM contact_key WHERE key = ? LIMIT 1', phoneKey(number))) {
      unsettled.keys.add(phoneKey(number));
    }
  }
  settleLeads(core, unsettled);
}
