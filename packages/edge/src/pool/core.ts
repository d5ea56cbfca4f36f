import type { E164, EpochMs } from '@dialmark/shared';
import { SECOND } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { ledgerOf } from '../ledger/remote-ledger.ts';
import { GroupCommit } from '../platform/group-commit.ts';
import { log } from '../platform/log.ts';
import type { NightlyWork } from '../platform/nightly-work.ts';
import { type Outcome, unknownSite, unknownTarget } from '../platform/result.ts';
import { withTimeout } from '../platform/timeout.ts';
import { AlertLog } from './monitoring/alert-log.ts';
import { CarriersLastSeen } from './monitoring/carrier-last-seen.ts';
import { Counters } from './monitoring/counters.ts';
import { homeOf, type Redirect } from './shards/layout.ts';
import type { Peer } from './shards/peer.ts';
import { AddressSalt } from './store/address-salt.ts';
import { type Memory, readMemory } from './store/memory.ts';
import { exists, migrate } from './store/schema.ts';
import { SecretStore } from './store/secret-store.ts';
import { PoolStore } from './store/store.ts';
import { DRAIN_AFTER_MS, LedgerFeed, VISITS_TOLD_AFTER_MS } from './sync/ledger-feed.ts';
import type { Change, Outbox } from './sync/outbox.ts';

/** Time that a list or report waits for changes that its pools have not sent yet. */
const FLUSH_TIMEOUT_MS = 1 * SECOND;
const CHANGES_RETRY_MS = 5 * SECOND;
/** Time that the change of a ringing call waits for those of others: the phone has not rung once by then. */
const GATHER_CHANGES_MS = 100;
/** Time that counts may wait to be saved if nothing else wakes the pool before. */
const COUNTS_SAVED_AFTER_MS = 60 * SECOND;

/**
 * The state of a pool that its operations share, and the one way to change it. SQLite is the truth; the memory is a
 * cache of it, built in one pass at start and rebuilt whenever a transaction fails.
 */
export class PoolCore {
  readonly env: Env;
  readonly storage: DurableObjectStorage;
  readonly store: PoolStore;
  readonly outbox: Outbox;
  readonly secrets: SecretStore;
  readonly lastSeen: CarriersLastSeen;
  readonly counters: Counters;
  readonly alerts: AlertLog;
  readonly addresses: AddressSalt;
  readonly feed: LedgerFeed;
  readonly night: NightlyWork;
  /** Asks another shard of the same site. */
  readonly peer: (shard: number) => Peer;
  readonly #ctx: DurableObjectState;
  readonly #group = new GroupCommit(
    (work) => this.#transact(work),
    () => this.#commit(),
  );
  #memory: Memory | null = null;
  #alarmAt: number | null = null;
  #isGathering = false;

  /**
   * @param peerOf asks a shard of a site
   * @param beforeDrain what must be done before the ledger gets a batch of changes
   * @param nightOf what is done at night
   */
  constructor(
    ctx: DurableObjectState,
    env: Env,
    peerOf: (site: string, shard: number) => Peer,
    beforeDrain: (core: PoolCore, changes: readonly Change[]) => Promise<void>,
    nightOf: (core: PoolCore) => NightlyWork,
  ) {
    const { sql } = ctx.storage;
    this.#ctx = ctx;
    this.env = env;
    this.storage = ctx.storage;
    this.store = new PoolStore(sql);
    this.outbox = this.store.outbox;
    this.secrets = new SecretStore(sql);
    this.lastSeen = new CarriersLastSeen(sql);
    this.counters = new Counters(sql);
    this.alerts = new AlertLog(sql, () => this.#memory?.shard ?? 0);
    this.addresses = new AddressSalt(sql);
    this.peer = (shard) => peerOf(this.#memory?.site.id ?? '', shard);
    this.feed = new LedgerFeed({
      ledger: (site) => ledgerOf(env, site),
      outbox: this.outbox,
      pool: () => this.#memory,
      before: ({ changes }) => beforeDrain(this, changes),
      wakeIn: (ms) => this.wakeIn(ms),
    });
    this.night = nightOf(this);
  }

  /** Reads what is stored, if the site exists, and arms an alarm that was lost. */
  start(): void {
    if (!exists(this.storage.sql)) return;
    migrate(this.storage);
    this.reload();
    this.#ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await this.storage.getAlarm();
      // An alarm that was lost (six failed retries, say) must not strand what waits for the ledger.
      const waiting = this.#memory && !(this.outbox.isEmpty && this.store.changes.isSent);
      if (this.#alarmAt === null && waiting) this.wakeIn(DRAIN_AFTER_MS);
    });
  }

  /** The site as it is now; null when it does not exist, or was deleted while an operation waited. */
  get memory(): Memory | null {
    return this.#memory;
  }

  // Answering

  /** Answers for the site, or says that it does not exist. */
  withSite<T>(answer: (memory: Memory) => Outcome<T>): Outcome<T> {
    return this.#memory ? answer(this.#memory) : unknownSite;
  }

  /** Answers for one target, or for all. */
  withTarget<T>(target: string | undefined, answer: (memory: Memory) => Outcome<T>): Outcome<T> {
    return this.withSite((memory) =>
      target === undefined || memory.site.targets.some(({ id }) => id === target) ? answer(memory) : unknownTarget(),
    );
  }

  /** Answers for a number that is here, or would be if the site had it; redirects to the right shard otherwise. */
  withNumber<T>(number: string, answer: (memory: Memory) => Outcome<T>): Outcome<T> | Redirect {
    return this.#memory &&
      !this.#memory.numbers.has(number as E164) &&
      homeOf(number, this.#memory.layout.shards) !== this.#memory.shard
      ? { redirect: this.#memory.layout }
      : this.withSite(answer);
  }

  // Changing

  /** Makes a change: all of it or nothing, memory included, with what the ledger has to learn of it in the same commit. */
  change<T>(work: () => T): T {
    const result = this.#transact(work);
    this.#commit();
    return result;
  }

  /** Makes a change in one commit with others that arrive at the same time. `work` may run twice, once to be undone. */
  changeInGroup<T>(work: () => T): Promise<T> {
    return this.#group.run(work);
  }

  #transact<T>(work: () => T): T {
    try {
      return this.storage.transactionSync(work);
    } catch (error) {
      this.reload();
      throw error;
    }
  }

  /** Writes to the outbox what this turn changed: one row for all of it, in the commit that holds the changes. */
  #commit(): void {
    const urgency = this.outbox.commit(Date.now() as EpochMs);
    if (urgency !== 'none') this.wakeIn(urgency === 'soon' ? DRAIN_AFTER_MS : VISITS_TOLD_AFTER_MS);
    else if (this.counters.isDirty) this.saveCountsLater();
    // An alert may have to be sent.
    if (this.store.pressure.takeNew()) this.wakeIn(DRAIN_AFTER_MS);
    const freshness = this.store.changes.takeFreshness();
    if (freshness !== 'none') this.wakeIn(DRAIN_AFTER_MS);
    if (freshness === 'urgent') this.#sendCallChangesSoon();
  }

  /** Sends calls that change close together as one batch. Nobody who calls waits for this; if it fails, the alarm is next. */
  #sendCallChangesSoon(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    const gathered = scheduler.wait(GATHER_CHANGES_MS).then(() => {
      this.#isGathering = false;
      return this.sendCallChanges();
    });
    this.#ctx.waitUntil(gathered);
  }

  /** Rebuilds the memory from what is stored. */
  reload(): void {
    this.store.refresh();
    this.secrets.refresh();
    this.#memory = readMemory(this.store, this.counters, Date.now() as EpochMs);
  }

  /** Deletes the site and everything stored of it. */
  async clear(): Promise<void> {
    this.#memory = null;
    // Changes on their way to the ledger must arrive before it forgets the site.
    await this.feed.quiet();
    this.#alarmAt = null;
    await this.storage.deleteAll();
    for (const part of [this.outbox, this.store.changes, this.lastSeen, this.counters, this.alerts, this.addresses]) {
      part.reset();
    }
    this.secrets.refresh();
  }

  /**
   * Sends what waits to the ledger, as far as that takes no longer than somebody who reads will wait.
   * @returns how far the ledger is still behind, in milliseconds; 0 where it has everything
   */
  async flush(): Promise<number> {
    if (!this.#memory || this.outbox.isEmpty) return 0;
    await withTimeout(FLUSH_TIMEOUT_MS, this.feed.drain()).catch(() => {});
    const { oldest } = this.outbox;
    return oldest === null ? 0 : Math.max(1, Date.now() - oldest);
  }

  // Waking

  /** Arms the alarm, unless it is due sooner. */
  wakeIn(ms: number): void {
    const at = Date.now() + ms;
    // Arming costs a write: only where none is armed, or for sooner.
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    void this.storage.setAlarm(at);
  }

  /** Begins the nightly work: does its first turn, and has the alarm go on with it. */
  maintain(): void {
    this.night.restart();
    const nextAt = this.night.work(Date.now() as EpochMs);
    this.wakeIn(Math.max(0, nextAt - Date.now()));
  }

  /** Notes that the alarm has gone off. */
  awake(): void {
    this.#alarmAt = null;
  }

  /** Sees to it that counts are saved although nothing else was written. */
  saveCountsLater(): void {
    this.wakeIn(COUNTS_SAVED_AFTER_MS);
  }

  /** Lets work go on after the answer. */
  inBackground(work: Promise<unknown>): void {
    this.#ctx.waitUntil(work);
  }

  /** Queues the calls that changed, for conversions. May be repeated. */
  async sendCallChanges(): Promise<void> {
    if (!this.#memory || this.store.changes.isSent) return;
    try {
      await this.store.changes.send(this.env.CONVERSIONS, this.#memory.site.id, this.#ctx.id.toString());
    } catch (error) {
      log.warn('queue_unavailable', { retryInMs: CHANGES_RETRY_MS, reason: String(error) });
      this.wakeIn(CHANGES_RETRY_MS);
    }
  }
}
