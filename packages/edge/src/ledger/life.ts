import type { EpochMs } from '@dialmark/shared';
import { Deliveries } from '../conversions/deliveries.ts';
import { Integrations } from '../conversions/integrations.ts';
import { sweep } from '../conversions/sweep.ts';
import { tellLeads } from '../conversions/tell-leads.ts';
import { overviewOf } from '../overview/remote-overview.ts';
import { log } from '../platform/log.ts';
import type { NightlyWork } from '../platform/nightly-work.ts';
import type { Archive } from './archive/archive.ts';
import type { LedgerCore } from './core.ts';
import { nightOf } from './night.ts';
import { dayFigures } from './read/day-figures.ts';

/** The ledger's own upkeep. */
export class LifeOperations {
  readonly #core: LedgerCore;
  readonly #archive: Archive;
  readonly #night: NightlyWork;
  readonly #deliveries: Deliveries;
  /** The last report to the overview, and its time. */
  #said = '';
  #saidAt = 0;

  constructor(core: LedgerCore, archive: Archive) {
    this.#core = core;
    this.#archive = archive;
    this.#night = nightOf(core);
    this.#deliveries = new Deliveries(core, new Integrations(core));
  }

  /** Does a slice of whatever is due, and arms the alarm for the next. */
  async work(): Promise<void> {
    const core = this.#core;
    const now = Date.now() as EpochMs;
    try {
      if (await tellLeads(core, now)) core.wakeAt(now);
    } catch (error) {
      log.warn('leads_not_told', { reason: String(error) });
      core.wakeAt(now + RETRY_MS);
    }
    try {
      const swept = await sweep(core, now);
      if (swept !== null) core.wakeAt(swept);
    } catch (error) {
      log.warn('sweep_failed', { reason: String(error) });
      core.wakeAt(now + RETRY_MS);
    }
    const nextAt = this.#night.work(now);
    if (core.env.NIGHTS !== 'off' || this.#night.isUnderWay) core.wakeAt(nextAt);
    try {
      await this.#reportToOverview(now);
    } catch (error) {
      log.warn('overview_unavailable', { reason: String(error) });
      core.wakeAt(now + RETRY_MS);
    }
    try {
      const archivesAt = await this.#archive.work(now);
      if (archivesAt !== null) core.wakeAt(archivesAt);
    } catch (error) {
      log.warn('archive_unavailable', { reason: String(error) });
      core.wakeAt(now + RETRY_MS);
    }
  }

  /** Reports changes to the overview, at most once a minute. */
  async #reportToOverview(now: EpochMs): Promise<void> {
    const core = this.#core;
    const days = core.changedDays(DAYS_AT_ONCE);
    const said = { maintainedAt: this.#night.endedAt, overdueSince: this.#deliveries.nextDue() };
    if (days.length === 0 && JSON.stringify(said) === this.#said) return;
    if (now < this.#saidAt + SAY_EVERY_MS) {
      core.wakeAt(this.#saidAt + SAY_EVERY_MS);
      return;
    }
    this.#saidAt = now;
    await overviewOf(core.env).reportLedger({
      site: core.site,
      bytes: core.sql.databaseSize,
      deliveries: this.#deliveries.counts(now),
      ...said,
      days: dayFigures(
        core,
        days.map(({ day }) => day),
      ),
    });
    // Deleted meanwhile.
    if (!core.exists) return;
    this.#said = JSON.stringify(said);
    core.change(() => core.confirmDays(days));
    if (core.changedDays(1).length > 0) core.wakeAt(now + SAY_EVERY_MS);
  }

  /** Begins the night's work, for a ledger whose alarm was lost: does its first turn, and has the alarm go on with it. */
  async maintain(): Promise<void> {
    if (!this.#core.exists) return;
    this.#night.restart();
    await this.work();
  }

  /** Returns the ledger's size and state; null if there is no ledger. Writes nothing. */
  status(): LedgerStatus | null {
    const core = this.#core;
    if (!core.exists) return null;
    return { bytes: core.sql.databaseSize, maintainedAt: this.#night.endedAt };
  }

  /**
   * Takes the ledger back to an earlier moment, as soon as this was answered.
   * @returns whether that can be done: only Cloudflare keeps earlier states
   */
  async restore(at: EpochMs): Promise<boolean> {
    const { storage } = this.#core;
    try {
      storage.onNextSessionRestoreBookmark(await storage.getBookmarkForTime(at));
    } catch (error) {
      log.warn('restore_unavailable', { reason: String(error) });
      return false;
    }
    await storage.sync();
    this.#core.restart();
    return true;
  }

  /** Removes everything the ledger holds, its archive first: if that fails, the site can be deleted once more. */
  async destroy(): Promise<void> {
    if (!this.#core.exists) return;
    await this.#archive.removeAll();
    await this.#core.destroy();
  }
}

const RETRY_MS = 60_000;
/** The minimum time between reports to the overview. */
const SAY_EVERY_MS = 60_000;
const DAYS_AT_ONCE = 31;

/** The state that a ledger reports of itself. */
export interface LedgerStatus {
  bytes: number;
  /** When it last finished its nightly work; null before the first time. */
  maintainedAt: number | null;
}
