import type { Model } from '@dialmark/shared';
import type { Env } from '../env.ts';
import { exists, migrate } from './schema.ts';
import { Words } from './words.ts';

/** The site's settings, as its pool last sent them. */
export interface SiteRules {
  timeZone: string;
  lookbackDays: number;
  retentionDays: number;
  /** The default attribution model of reports. */
  counting: { model: Model; qualifiedSeconds: number; qualifiedValue: number };
  /** Both left out by pools of an earlier version. */
  leads?: { reopenDays: number };
  site?: { name: string | null; currency: string };
}

/** A day of which the overview is to be told, and how often it changed before it was. */
export interface ChangedDay {
  day: number;
  change: number;
}

/** The delay between a change and maintenance, so that changes are handled together. */
const TENDED_AFTER_MS = 5_000;

const AGAIN = 'ON CONFLICT (day) DO UPDATE SET change = change + 1';

/** The core that a ledger's operations share: its storage, and the one way to change it. */
export class LedgerCore {
  readonly env: Env;
  readonly storage: DurableObjectStorage;
  readonly words: Words;
  readonly #ctx: DurableObjectState;
  #isMigrated = false;
  #rules: SiteRules | null = null;
  #summed: Set<number> | null = null;
  /** Days that are noted already. */
  readonly #changedDays = new Set<number>();
  #alarmAt: number | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    this.#ctx = ctx;
    this.env = env;
    this.storage = ctx.storage;
    this.words = new Words(() => this.sql);
    if (!exists(ctx.storage.sql)) return;
    this.sql;
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await ctx.storage.getAlarm();
    });
  }

  /** The site's id: the object's own name. */
  get site(): string {
    return this.#ctx.id.name as string;
  }

  /** True if anything was ever written here. */
  get exists(): boolean {
    return this.#isMigrated || exists(this.storage.sql);
  }

  /** The database, with its tables: made by the first question, which the Worker only asks of sites that exist. */
  get sql(): SqlStorage {
    if (!this.#isMigrated) {
      migrate(this.storage);
      this.#isMigrated = true;
    }
    return this.storage.sql;
  }

  /** Returns all rows of a query. */
  all<R>(query: string, ...values: readonly (string | number | null)[]): R[] {
    return this.sql.exec(query, ...values).toArray() as R[];
  }

  /** Returns the first row of a query. */
  first<R>(query: string, ...values: readonly (string | number | null)[]): R | null {
    return this.all<R>(query, ...values)[0] ?? null;
  }

  /** Makes a change: all of it or nothing, with what is remembered of the storage. */
  change<T>(work: () => T): T {
    this.sql;
    try {
      return this.storage.transactionSync(work);
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  /** Forgets what is remembered of the storage. */
  forget(): void {
    this.words.reset();
    this.#rules = null;
    this.#summed = null;
    this.#changedDays.clear();
  }

  // The site's settings

  /** Null before its pool ever sent anything. */
  get rules(): SiteRules | null {
    this.#rules ??= JSON.parse(this.first<{ rules: string }>('SELECT rules FROM site')?.rules ?? 'null');
    return this.#rules;
  }

  /** Keeps the settings that came with a batch. */
  keepRules(rules: SiteRules): void {
    const text = JSON.stringify(rules);
    const before = this.rules;
    if (JSON.stringify(before) === text) return;
    this.sql.exec('INSERT OR REPLACE INTO site (only, rules) VALUES (1, ?)', text);
    this.#rules = rules;
    // The sums of calls change from now on.
    if (before && JSON.stringify(before.counting) !== JSON.stringify(rules.counting)) {
      this.sql.exec(`INSERT INTO changed_days (day, change) SELECT DISTINCT day, 0 FROM touch WHERE true ${AGAIN}`);
    }
  }

  /** Notes that what a day adds up to has changed, for the overview. */
  dayChanged(day: number): void {
    if (this.#changedDays.has(day)) return;
    this.#changedDays.add(day);
    this.sql.exec(`INSERT INTO changed_days (day, change) VALUES (?, 0) ${AGAIN}`, day);
  }

  /** Returns days that have changed, oldest first. */
  changedDays(limit: number): ChangedDay[] {
    this.#changedDays.clear();
    return this.all<ChangedDay>('SELECT day, change FROM changed_days ORDER BY day LIMIT ?', limit);
  }

  /** Forgets days that the overview was told of, but those that changed once more meanwhile. */
  confirmDays(days: readonly ChangedDay[]): void {
    for (const { day, change } of days) {
      this.sql.exec('DELETE FROM changed_days WHERE day = ? AND change = ?', day, change);
    }
  }

  // Sums

  /** The days and months whose visits are summed. */
  get summed(): ReadonlySet<number> {
    this.#summed ??= new Set(this.all<{ period: number }>('SELECT period FROM summed').map(({ period }) => period));
    return this.#summed;
  }

  /** Notes that the list of what is summed was changed. */
  summedChanged(): void {
    this.#summed = null;
  }

  // Waking

  /** Arms the alarm, unless it is due sooner. */
  wakeAt(at: number): void {
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    void this.storage.setAlarm(at);
  }

  /** Sees to it that what was changed is told, and the night's work begins, although nobody asks for it. */
  scheduleMaintenance(): void {
    this.wakeAt(Date.now() + TENDED_AFTER_MS);
  }

  /** Notes that the alarm has gone off. */
  awake(): void {
    this.#alarmAt = null;
  }

  /** Lets work go on after the answer. */
  inBackground(work: Promise<unknown>): void {
    this.#ctx.waitUntil(work);
  }

  /** Ends this instance once it has answered; the next request finds a new one. */
  restart(): void {
    setTimeout(() => this.#ctx.abort('The ledger is restored.'), 0);
  }

  /** Deletes everything. What is asked afterwards finds an empty ledger. */
  async destroy(): Promise<void> {
    this.#isMigrated = false;
    this.#alarmAt = null;
    this.forget();
    await this.storage.deleteAll();
  }
}
