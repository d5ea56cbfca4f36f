import { type EpochMs, SECOND, type Site } from '@dialmark/shared';
import { overviewOf } from '../../overview/remote-overview.ts';
import { log } from '../../platform/log.ts';
import type { PoolCore } from '../core.ts';
import type { Memory } from '../store/memory.ts';
import { sendAlerts } from './alerting.ts';
import { poolFindings } from './pool-findings.ts';
import { metricsOf } from './pool-metrics.ts';

/** Interval at which an open alert is checked. */
const CHECK_EVERY_MS = 60 * SECOND;

/** Looks after one pool: saves its counts, finds what needs a person, and sends alerts. */
export class Monitor {
  readonly #core: PoolCore;
  #sending: Promise<void> | null = null;
  /** The last report to the overview, and its time. */
  #said = '';
  #saidAt = 0;

  constructor(core: PoolCore) {
    this.#core = core;
  }

  check(): void {
    const { memory, counters, storage, feed, alerts } = this.#core;
    if (!memory) return;
    const now = Date.now() as EpochMs;
    counters.save(now);
    const bytes = { pool: storage.sql.databaseSize, ledger: feed.ledgerBytes ?? 0 };
    const findings = poolFindings(memory, bytes, alerts.lasting, now);
    alerts.note(findings, now);
    if (findings.size > 0) this.#core.wakeIn(CHECK_EVERY_MS);
    if (memory.site.alerts) this.#send(memory.site);
    this.#report(memory, now);
  }

  /** Reports this pool's state to the overview if it has changed, at most once a minute. */
  #report({ site, shard }: Memory, now: EpochMs): void {
    const core = this.#core;
    const maintainedAt = core.night.endedAt;
    const metrics = JSON.stringify(metricsOf(core));
    const said = `${maintainedAt} ${metrics}`;
    if (said === this.#said) return;
    if (now < this.#saidAt + CHECK_EVERY_MS) {
      core.wakeIn(this.#saidAt + CHECK_EVERY_MS - now);
      return;
    }
    this.#saidAt = now;
    core.inBackground(
      overviewOf(core.env)
        .reportPool({ site: site.id, shard, metrics, maintainedAt })
        .then(
          () => {
            this.#said = said;
          },
          (error: unknown) => {
            log.warn('overview_unavailable', { reason: String(error) });
            if (core.memory) core.wakeIn(CHECK_EVERY_MS);
          },
        ),
    );
  }

  /** Sends alerts that are due. Nobody waits for this: an alert's receiver may be slow. */
  #send(site: Site): void {
    const core = this.#core;
    if (this.#sending) return;
    this.#sending = sendAlerts(core.env, site, core.alerts, Date.now() as EpochMs)
      .then((next) => {
        if (next !== null && core.memory) core.wakeIn(Math.max(SECOND, next - Date.now()));
      })
      .finally(() => {
        this.#sending = null;
      });
    core.inBackground(this.#sending);
  }
}
