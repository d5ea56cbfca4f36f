import type { EpochMs } from '@dialmark/shared';
import type { LedgerCore } from '../ledger/core.ts';
import { TOLD_LEADS } from '../ledger/write/leads.ts';
import { sha256Hex } from '../platform/signature.ts';
import { Deliveries } from './deliveries.ts';
import { Integrations } from './integrations.ts';
import { leadChange } from './lead-change.ts';
import { enqueue } from './message.ts';
import { noticeable } from './plan.ts';
import { planMessages } from './plan-messages.ts';

/** Leads dealt with at once: everything else gets its turn in between. */
const AT_ONCE = 50;

/**
 * Plans what destinations are told of leads that changed, and has it sent: in the order of their changes, from where it was
 * left. How far it has come is written down behind what was done, so that whatever ends it, nothing is left out, and what
 * is done again does nothing.
 *
 * @returns whether there is more to do
 */
export async function tellLeads(core: LedgerCore, now: EpochMs): Promise<boolean> {
  const integrations = new Integrations(core);
  const deliveries = new Deliveries(core, integrations);
  const told = core.storage.kv.get<number>(TOLD_LEADS) ?? 0;
  const changed = core.all<{ id: string; changed: number }>(
    `SELECT id, changed FROM lead INDEXED BY lead_by_change WHERE changed > ? ORDER BY changed LIMIT ${AT_ONCE}`,
    told,
  );
  const last = changed.at(-1);
  if (!last) return false;
  if (integrations.ids().length > 0) {
    for (const { id, changed: position } of changed) await tellLead(core, integrations, deliveries, id, position, now);
  }
  if (!core.exists) return false;
  core.storage.kv.put(TOLD_LEADS, Math.max(last.changed, core.storage.kv.get<number>(TOLD_LEADS) ?? 0));
  return changed.length === AT_ONCE;
}

async function tellLead(
  core: LedgerCore,
  integrations: Integrations,
  deliveries: Deliveries,
  id: string,
  position: number,
  now: EpochMs,
): Promise<void> {
  const change = leadChange(core, id);
  if (!change) return;
  const said = JSON.stringify(noticeable(change));
  const due = await planMessages(
    core,
    integrations,
    deliveries,
    { change, position, digest: await sha256Hex(said) },
    now,
  );
  // Somebody may have been erased while it was being planned: too late for the erasure to find what was planned.
  const since = leadChange(core, id);
  if (!since) deliveries.cancelLead(id);
  else if (JSON.stringify(noticeable(since)) !== said) deliveries.updateLeadPayloads(id, position, since);
  await enqueue(
    core.env.CONVERSIONS,
    due.map((message) => ({ site: core.site, ...message })),
  );
}
