import { type EpochMs, SECOND, type Site } from '@dialmark/shared';
import type { PoolCore } from '../core.ts';
import { tellAlerts } from './alerting.ts';
import { watch } from './watch.ts';

/** How often an open alert is checked for being over. */
const CHECK_EVERY_MS = 60 * SECOND;

/** Looks after one pool: saves its counts, finds what needs a person, and sends alerts. */
export class Monitor {
  readonly #core: PoolCore;
  #sending: Promise<void> | null = null;

  constructor(core: PoolCore) {
    this.#core = core;
  }

  check(): void {
    const { memory, counters, storage, feed, alerts } = this.#core;
    if (!memory) return;
    const now = Date.now() as EpochMs;
    counters.save(now);
    const bytes = { pool: storage.sql.databaseSize, ledger: feed.ledgerBytes ?? 0 };
    const findings = watch(memory, bytes, alerts.lasting, now);
    alerts.note(findings, now);
    if (findings.size > 0) this.#core.wakeIn(CHECK_EVERY_MS);
    if (memory.site.alerts) this.#send(memory.site);
  }

  /** Sends alerts that are due. Nobody waits for this: an alert's receiver may be slow. */
  #send(site: Site): void {
    const core = this.#core;
    if (this.#sending) return;
    this.#sending = tellAlerts(core.env, site, core.alerts, Date.now() as EpochMs)
      .then((next) => {
        if (next !== null && core.memory) core.wakeIn(Math.max(SECOND, next - Date.now()));
      })
      .finally(() => {
        this.#sending = null;
      });
    core.inBackground(this.#sending);
  }
}
