import type {
  CallChange,
  CallConversion,
  ClickExportQuery,
  DeliveriesQuery,
  Delivery,
  EpochMs,
  Integration,
  IntegrationKind,
  IntegrationSecrets,
  ListPage,
  NewIntegration,
  SiteMetrics,
} from '@dialmark/shared';
import type { LedgerCore } from '../ledger/core.ts';
import type { ClickConversion } from './click-csv.ts';
import { type Claimed, Deliveries, type DeliveryResult } from './deliveries.ts';
import { type Explained, explain } from './explain.ts';
import { type ExportedClicks, exportedClicks } from './exported-clicks.ts';
import { Integrations, type Opened } from './integrations.ts';
import { leadChangeOfCall } from './lead-change.ts';
import type { Reading } from './plan.ts';
import { type Due, planMessages } from './plan-messages.ts';

/** Messages taken to be sent, with what is needed to send them. */
export interface Taken {
  claimed: Claimed[];
  /** Those that wait, too, but that somebody else is sending. */
  others: string[];
  integrations: Opened[];
}

/** An integration as it was saved, and the ad cookies that the site's pages now look for. */
export interface Saved {
  integration: Integration | null;
  adCookies: string[];
}

/**
 * A site's integrations, and the log of their deliveries. A message from the queue may concern a site that is gone
 * by then, and leaves no trace in its ledger.
 */
export class ConversionOperations {
  readonly #core: LedgerCore;
  readonly #integrations: Integrations;
  readonly #deliveries: Deliveries;

  constructor(core: LedgerCore) {
    this.#core = core;
    this.#integrations = new Integrations(core);
    this.#deliveries = new Deliveries(core, this.#integrations);
  }

  // Integrations

  async saveIntegration(
    id: string,
    given: NewIntegration,
    secrets: IntegrationSecrets[IntegrationKind] | null,
    now: EpochMs,
  ): Promise<Saved> {
    const integration = await this.#integrations.save(id, given, secrets, now);
    return { integration, adCookies: this.#integrations.adCookies() };
  }

  integration(id: string): Integration | null {
    return this.#integrations.get(id);
  }

  integrationIds(): string[] {
    return this.#core.exists ? this.#integrations.ids() : [];
  }

  integrations(limit: number, cursor: string | undefined): ListPage<Integration> {
    return this.#integrations.list(limit, cursor);
  }

  /** Returns an integration with its secrets. */
  async openIntegration(id: string): Promise<Opened | null> {
    const [opened] = await this.#integrations.open(id);
    return opened ?? null;
  }

  /** @returns the ad cookies that are left; null where there was no such integration */
  removeIntegration(id: string): string[] | null {
    return this.#integrations.remove(id) ? this.#integrations.adCookies() : null;
  }

  // Messages

  /** Plans the messages about a call or a lead. @returns the messages to put into the queue */
  async plan(reading: Reading, now: EpochMs): Promise<Due[]> {
    return this.#core.exists ? planMessages(this.#core, this.#integrations, this.#deliveries, reading, now) : [];
  }

  /** Returns what each integration was sent about a call, or why nothing. */
  explain(
    about: Omit<Explained, 'lead'>,
    { limit, cursor }: { limit: number; cursor?: string | undefined },
    now: EpochMs,
  ): ListPage<CallConversion> {
    const call = about.change.call.id;
    const lead = leadChangeOfCall(this.#core, call);
    const it: Explained = { ...about, lead };
    const logged = this.#deliveries.loggedOf({ call, lead: lead?.lead.id ?? '' });
    const known = this.#integrations.known(cursor ?? '', limit + 1);
    const items = known.slice(0, limit).map((each) => explain(each, it, logged.get(each.integration.id) ?? [], now));
    return { items, cursor: known.length > limit ? (items.at(-1)?.integration ?? null) : null };
  }

  async claim(ids: readonly string[], now: EpochMs): Promise<Taken> {
    if (!this.#core.exists) return { claimed: [], others: [], integrations: [] };
    const integrations = await this.#integrations.open();
    const claimed = this.#deliveries.claim(ids, now);
    const own = new Set(claimed.map(({ id }) => id));
    return { claimed, others: this.#deliveries.pending(ids).filter((id) => !own.has(id)), integrations };
  }

  recordResults(results: readonly DeliveryResult[], now: EpochMs): void {
    if (!this.#core.exists) return;
    this.#deliveries.recordResults(results, now);
    this.#core.scheduleMaintenance();
  }

  markDead(id: string): void {
    if (this.#core.exists) this.#deliveries.markDead(id);
  }

  resend(id: string, now: EpochMs): Delivery | false | null {
    return this.#deliveries.resend(id, now);
  }

  deliveries(query: DeliveriesQuery): ListPage<Delivery> | null {
    return this.#deliveries.list(query);
  }

  counts(now: EpochMs): NonNullable<SiteMetrics['deliveries']> {
    return this.#core.exists ? this.#deliveries.counts(now) : [];
  }

  cancel(call: string, position: number): void {
    if (this.#core.exists) this.#deliveries.cancel(call, position);
  }

  updatePayloads(call: string, position: number, change: CallChange): void {
    if (this.#core.exists) this.#deliveries.updatePayloads(call, position, change);
  }

  // Exports

  exportedClicks(clickIds: ExportedClicks, rules: ClickExportQuery, now: EpochMs): ClickConversion[] {
    return exportedClicks(this.#core, clickIds, rules, now);
  }
}
