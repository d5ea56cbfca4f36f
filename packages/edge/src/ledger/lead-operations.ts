import type { Lead, LeadDetail, LeadPatch, LeadsQuery, ListPage, Site } from '@dialmark/shared';
import type { Outcome, OutcomesTaken } from '../leads/outcome.ts';
import type { LedgerCore } from './core.ts';
import { findLead, leadDetail, listLeads } from './read/leads.ts';
import { leadOfCall } from './views.ts';
import { addOutcomes } from './write/outcomes.ts';
import { patchLead } from './write/patch-lead.ts';

/** Leads: who is interested, how far they have come, and what people say of them. */
export class LeadOperations {
  readonly #core: LedgerCore;

  constructor(core: LedgerCore) {
    this.#core = core;
  }

  /** Returns leads, latest first contact first; null for a cursor that is not ours. */
  list(site: Site, query: LeadsQuery): ListPage<Lead> | null {
    return listLeads(this.#core, site, query);
  }

  get(site: Site, id: string): LeadDetail | null {
    return leadDetail(this.#core, site, id);
  }

  /** Returns the id of the lead that a call is a contact of; null if it is of none. */
  ofCall(id: string): string | null {
    return this.#core.first<{ lead: string | null }>(`SELECT ${leadOfCall('?')} AS lead`, id)?.lead ?? null;
  }

  /** Writes what a person says of a lead. @returns the lead; null if there is none */
  patch(site: Site, id: string, patch: LeadPatch, now: number): Lead | null {
    const core = this.#core;
    if (!patchLead(core, id, patch, now)) return null;
    core.scheduleMaintenance();
    return findLead(core, site, id);
  }

  /** Takes what became of people. */
  addOutcomes(outcomes: readonly Outcome[], now: number): OutcomesTaken {
    const taken = addOutcomes(this.#core, outcomes, now);
    this.#core.scheduleMaintenance();
    return taken;
  }
}
