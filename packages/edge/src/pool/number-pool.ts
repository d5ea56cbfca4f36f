import { DurableObject } from 'cloudflare:workers';
import {
  type Alert,
  type Attribution,
  byPrecedence,
  type Call,
  type CallPatch,
  type CallReport,
  DAY,
  dayOf,
  type E164,
  type EpochMs,
  type EventRequest,
  HOUR,
  type LeaseRequest,
  type LeaseResponse,
  type ListPage,
  type NewNumber,
  type NumberPatch,
  originAllowed,
  type PoolState,
  rfc3339,
  SECOND,
  type SessionDetail,
  type Site,
  type SnippetConfig,
  type TrackingNumber,
} from '@dialmark/shared';
import { type SealedChanges, type SealedSecrets, shownSecrets } from '../carriers/secrets.ts';
import { numberOf } from '../carriers/webhook.ts';
import { type Env, workerKeys } from '../env.ts';
import { learnWeights } from '../ledger/learn-weights.ts';
import { writeBatch } from '../ledger/ledger.ts';
import * as ledgerRetention from '../ledger/retention.ts';
import { sumMonths } from '../ledger/visit-pairs.ts';
import { log } from '../log.ts';
import { findingsOf, USUAL } from './alert-findings.ts';
import { AlertLog } from './alert-log.ts';
import { tellAlerts } from './alerting.ts';
import { Allocator, type Hold } from './allocator.ts';
import { bindingId, firstSeq, sequence } from './binding-id.ts';
import { type ReadNews, readNews } from './call-news.ts';
import { keptCaller, keptEvent, keptForms } from './caller-hash.ts';
import {
  type Attributing,
  attributionAt,
  patchCall,
  presentBinding,
  presentCall,
  presentSession,
  reportCall,
  telClicksOf,
} from './calls.ts';
import { CarrierSightings, type Sighting } from './carrier-sightings.ts';
import { proveWebhook, takeWebhook, type Webhook, type WebhookAnswer } from './carrier-webhook.ts';
import { Counters } from './counters.ts';
import { snapshot } from './drain.ts';
import { forgetCaller, forgetOlder, forgetVisitor, letGo } from './erasure.ts';
import { GroupCommit } from './group-commit.ts';
import { SiteHabits } from './habits.ts';
import { type Journey, journeyOf } from './journey.ts';
import { homeOf, type Layout } from './layout.ts';
import { type Asker, type Leasing, lease, record } from './leasing.ts';
import { HourlyLimiter } from './limiter.ts';
import { dropCalls, type PackedCalls, packCalls, unpackCalls } from './moved-calls.ts';
import { type Demand, demandOf, type Pressure, poolState, pressureOf } from './occupancy.ts';
import { type Change, Outbox } from './outbox.ts';
import { endMove, shardOf } from './pools.ts';
import { printed } from './printed.ts';
import { done, type Elsewhere, type Outcome, refuse, unknownSite } from './refusal.ts';
import { exists, migrate } from './schema.ts';
import { SecretStore } from './secret-store.ts';
import type { ShardMetrics } from './shard-metrics.ts';
import { type BindingRow, type NumberRow, PoolStore, type SessionRow } from './store.ts';
import { type CookieBearer, visitorCookie } from './visitor-cookie.ts';

/** The Worker's view of who asks, with what decides whether they may. */
export interface PublicAsker extends Asker, CookieBearer {
  /** Carries a token good for this site: a server-side integrator. */
  trusted: boolean;
}

/** What a page is answered, and the cookie that is set with it, if any. */
export interface Answered<T> {
  body: T;
  setCookie: string | null;
}

/** What a site's script is made of. */
export interface SnippetParts {
  config: Omit<SnippetConfig, 'edge' | 'version'>;
  /** Names of the cookies of Analytics and Meta that the script tells; none: it has no part that tells them. */
  adCookies: readonly string[];
}

/** Where those are noted, beside the tables: the script is served whether or not the ledger is there. */
const AD_COOKIES = 'ad_cookies';

/** What a pool keeps in memory: all of it can be read again from SQLite. */
type State = Leasing & Attributing & { numbers: Map<E164, NumberRow>; layout: Layout; shard: number };

/** A number on its way to another shard. */
export interface Moved {
  row: NumberRow;
  bindings: BindingRow[];
  sessions: SessionRow[];
  calls: PackedCalls;
}

/** The holders of a number that move with it: as many as a call to it is weighed between. */
const HOLDS_MOVED = 50;
/** The pool keeps its log for the lookback, in which a visit still counts for a call, and this long more. */
const HOT_DAYS_MORE = 30;
const MOVE_EVERY_MS = 5 * SECOND;

/** How long after a change the ledger is told, so that changes travel together. */
const DRAIN_AFTER_MS = 1 * SECOND;
/** Transactions sent to the ledger at once. */
const DRAIN_AT_ONCE = 200;
const BACKOFF_MAX_MS = 60 * SECOND;
const NEWS_RETRY_MS = 5 * SECOND;
/** What was counted without anything being written is saved after so long, if nothing else wakes the pool before. */
const COUNTED_FOR_MS = 60 * SECOND;
/** How often it is looked whether an alert is over. */
const WATCH_EVERY_MS = 60 * SECOND;

/**
 * One site's authority: who holds which number, the log of every binding, and the calls. SQLite is the truth; what is
 * in memory is a cache of it, built in one pass at start and rebuilt whenever a transaction fails.
 *
 * Each request is one transaction in one turn of the event loop, so requests never see each other half done, and the
 * runtime holds the answer back until the transaction is on disk.
 */
export class NumberPool extends DurableObject<Env> {
  readonly #sql: SqlStorage;
  readonly #store: PoolStore;
  #state: State | null = null;
  #alarmAt: number | null = null;
  #failures = 0;
  #draining: Promise<void> | null = null;
  readonly #outbox: Outbox;
  readonly #secrets: SecretStore;
  readonly #sightings: CarrierSightings;
  readonly #counters: Counters;
  readonly #alerts: AlertLog;
  #telling: Promise<void> | null = null;
  readonly #group = new GroupCommit(
    (work) => this.#transact(work),
    () => this.#seal(),
  );

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#store = new PoolStore(this.#sql);
    this.#outbox = new Outbox(this.#sql);
    this.#secrets = new SecretStore(this.#sql);
    this.#sightings = new CarrierSightings(this.#sql);
    this.#counters = new Counters(this.#sql);
    this.#alerts = new AlertLog(this.#sql, () => this.#state?.shard ?? 0);
    if (!exists(this.#sql)) return;
    migrate(ctx.storage);
    this.#load();
    ctx.blockConcurrencyWhile(async () => {
      this.#alarmAt = await ctx.storage.getAlarm();
      // An alarm that was lost (six failed retries, say) must not strand what waits for the ledger.
      const waiting = this.#state && !(this.#outbox.isEmpty && this.#store.news.isSent);
      if (this.#alarmAt === null && waiting) this.#wakeIn(DRAIN_AFTER_MS);
    });
  }

  // Configuration

  /** Creates the site or replaces its configuration. Live leases stay. */
  async configure(
    site: Site,
    layout: Layout,
    shard: number,
    secrets: SealedChanges = {},
  ): Promise<Outcome<{ created: boolean; secrets: SealedSecrets }>> {
    migrate(this.ctx.storage);
    const created = this.#state === null;
    const errors = site.targets.flatMap(({ number, fallback }, index) =>
      Object.entries({ number, fallback }).flatMap(([field, printed]) => {
        const tracking = printed === null ? undefined : this.#state?.numbers.get(printed as E164);
        const isTracking = tracking?.kind === 'pool' && tracking.status !== 'retired';
        return isTracking ? [{ path: `targets.${index}.${field}`, message: 'is a pool number of this site' }] : [];
      }),
    );
    if (errors.length > 0) return refuse(400, 'A number cannot be printed and leased at once.', errors);
    const stored = this.#transact(() => {
      const sealed = this.#secrets.apply(secrets);
      this.#store.saveSite({ ...site, carriers: shownSecrets(sealed) }, layout, shard);
      return sealed;
    });
    this.#load();
    if (layout.before !== null) this.#wakeIn(DRAIN_AFTER_MS);
    return done({ created, secrets: stored });
  }

  /** How the site is spread; null for a site that is not there. */
  async layout(): Promise<Layout | null> {
    return this.#state?.layout ?? null;
  }

  async configuration(): Promise<Outcome<Site>> {
    return this.#state ? done(this.#state.site) : unknownSite;
  }

  /** What the script served for this site is made of; everything in it is public. */
  async snippet(): Promise<Outcome<SnippetParts>> {
    return this.#with(({ site, sources }) => {
      const { adIds = true, ...options } = site.snippet;
      const config = {
        site: site.id,
        targets: site.targets.map((target) => ({ id: target.id, ...printed(target.number), links: target.links })),
        sources: [...sources.values()]
          .flat()
          .flatMap(({ number, target, match }) => (match ? [{ ...printed(number), target, match }] : [])),
        session: site.session,
        consent: site.consent,
        ...(options as Partial<SnippetConfig>),
      };
      return done({ config, adCookies: adIds ? (this.ctx.storage.kv.get<string[]>(AD_COOKIES) ?? []) : [] });
    });
  }

  /** Notes which cookies of Analytics and Meta the site's integrations use. */
  async tellCookies(names: readonly string[]): Promise<Outcome<null>> {
    return this.#with(() => {
      this.ctx.storage.kv.put(AD_COOKIES, names);
      return done(null);
    });
  }

  /** Keeps a script under its version, for good: pages may have pinned it. */
  async publish(version: string, script: string): Promise<Outcome<null>> {
    return this.#with(() => {
      this.#store.saveScript(version, script);
      return done(null);
    });
  }

  async published(version: string): Promise<Outcome<string>> {
    return this.#with(() => {
      const script = this.#store.script(version);
      return script === null ? refuse(404, 'No script of this version was ever served.') : done(script);
    });
  }

  /** Forgets the site and everything in its pool. */
  async destroy(): Promise<Outcome<null>> {
    if (!this.#state) return unknownSite;
    this.#state = null;
    // What is on its way to the ledger must arrive before the ledger forgets the site.
    await this.#draining;
    this.#alarmAt = null;
    await this.ctx.storage.deleteAll();
    this.#outbox.reset();
    this.#store.news.reset();
    this.#sightings.reset();
    this.#counters.reset();
    this.#alerts.reset();
    return done(null);
  }

  // Numbers

  /**
   * Adds numbers whose form is already checked; refuses one by one those that the site cannot take.
   * @param again the request may be a repetition: numbers that are there just so are not refused
   */
  async addNumbers(
    rows: { index: number; row: NewNumber }[],
    again: boolean,
  ): Promise<Outcome<{ added: number; errors: RowError[] }>> {
    return this.#with(({ site, numbers }) => {
      const now = Date.now() as EpochMs;
      const errors: RowError[] = [];
      const taken = new Set<string>();
      const good: NumberRow[] = [];
      let repeated = 0;
      let position = Math.max(0, ...[...numbers.values()].map((row) => row.position));
      for (const { index, row } of rows) {
        const known = numbers.get(row.number);
        if (again && known && isSame(known, row)) {
          repeated++;
          continue;
        }
        const fault = numberFault(row, site, numbers, taken);
        if (fault) errors.push({ index, ...fault });
        else {
          taken.add(row.number);
          good.push({ ...row, status: 'active', addedAt: now, position: ++position });
        }
      }
      this.#transact(() => {
        for (const row of good) this.#store.saveNumber(row);
      });
      if (good.length > 0) this.#load();
      return done({ added: good.length + repeated, errors });
    });
  }

  async listNumbers(limit: number, cursor: string | null): Promise<Outcome<ListPage<TrackingNumber>>> {
    return this.#with((state) => {
      const rows = [...state.numbers.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
      const start = cursor === null ? 0 : rows.findIndex((row) => row.number > cursor);
      const page = start < 0 ? [] : rows.slice(start, start + limit);
      const more = start >= 0 && start + limit < rows.length;
      return done({
        items: page.map((row) => this.#present(row)),
        cursor: more ? (page.at(-1)?.number ?? null) : null,
      });
    });
  }

  async patchNumber(number: string, patch: NumberPatch): Promise<Outcome<TrackingNumber> | Elsewhere> {
    return this.#withNumber(number, (state) => {
      const known = state.numbers.get(number as E164);
      if (!known) return refuse(404, 'The site has no such number.');
      if (patch.target !== undefined && !state.site.targets.some((target) => target.id === patch.target)) {
        return refuse(400, 'The site has no such target.', [{ path: 'target', message: 'is no target of this site' }]);
      }
      if (patch.match !== undefined && known.kind === 'pool') {
        return refuse(400, 'A pool number takes no match.', [{ path: 'match', message: 'is only for source numbers' }]);
      }
      const row: NumberRow = {
        ...known,
        status: patch.status ?? known.status,
        name: patch.name === undefined ? known.name : patch.name,
        target: patch.target ?? known.target,
        match: patch.match ?? known.match,
      };
      this.#transact(() => this.#store.saveNumber(row));
      this.#load();
      return done(this.#present(row));
    });
  }

  // Leases

  async lease(request: LeaseRequest, asker: PublicAsker): Promise<Outcome<Answered<LeaseResponse>> | Elsewhere> {
    return this.#asPublic(asker, request, (state, now) => {
      const { value: body, refusal } = lease(state, request, asker, now);
      this.#counters.answered(body);
      return refusal ? { refusal } : done({ body, setCookie: visitorCookie(state.site, request, asker, false) });
    });
  }

  async record(event: EventRequest, asker: PublicAsker): Promise<Outcome<Answered<null>> | Elsewhere> {
    return this.#asPublic(asker, event, (state, now) => {
      record(state, event, asker, now);
      const withdrawn = event.type === 'consent' && event.data?.granted === false;
      return done({ body: null, setCookie: visitorCookie(state.site, event, asker, withdrawn) });
    });
  }

  // Shards

  /** Takes in a number that moves here, with what is known of who held it and called it. May be told twice. */
  async adopt({ row, bindings, sessions, calls }: Moved): Promise<void> {
    if (!this.#state) throw new Error('a shard that is not configured cannot adopt');
    this.#transact(() => {
      this.#store.saveNumber(row);
      for (const binding of bindings) this.#store.insertBinding(binding);
      for (const session of sessions) if (!this.#store.session(session.id)) this.#store.insertSession(session);
      unpackCalls(this.#sql, calls);
    });
    this.#load();
  }

  /** What still has to leave this shard: numbers that belong elsewhere, and live visits that hold some. */
  async moving(): Promise<number> {
    const { state, now } = { state: this.#state, now: Date.now() as EpochMs };
    if (!state) return 0;
    state.allocator.settle(now);
    const isForeign = (key: string) => homeOf(key, state.layout.shards) !== state.shard;
    return [...state.numbers.keys()].filter(
      (number) =>
        isForeign(number) || state.allocator.get(number)?.holds.some((hold) => isForeign(hold.visitor ?? hold.session)),
    ).length;
  }

  /** Hands numbers that belong elsewhere to their new shard, each as soon as nobody holds it. */
  async #handOver(): Promise<void> {
    for (const number of [...(this.#state?.numbers.keys() ?? [])]) {
      // Read anew for each: while one was handed over, the next may have been changed or leased.
      const state = this.#state;
      const row = state?.numbers.get(number);
      if (!state || !row) continue;
      state.allocator.settle(Date.now() as EpochMs);
      const home = homeOf(number, state.layout.shards);
      if (home === state.shard || (state.allocator.get(number)?.holds.length ?? 0) > 0) continue;
      const bindings = this.#store.bindingsOf(number, Number.MAX_SAFE_INTEGER, HOLDS_MOVED);
      const sessions = [...new Set(bindings.map(({ session }) => session))].flatMap(
        (id) => this.#store.session(id) ?? [],
      );
      const calls = packCalls(this.#sql, number);
      await shardOf(this.env, state.site.id, home).adopt({ row, bindings, sessions, calls });
      const after = this.#state?.numbers.get(number);
      if (JSON.stringify(after) !== JSON.stringify(row)) continue;
      this.#transact(() => {
        this.#store.deleteNumber(number);
        dropCalls(this.#sql, calls);
      });
      this.#state?.numbers.delete(number);
      this.#state?.allocator.remove(number);
    }
  }

  /** Ends a move, if it is still the one that is going on. */
  async settle(moved: Layout): Promise<void> {
    const state = this.#state;
    if (state?.layout.shards !== moved.shards || state.layout.before !== moved.before) return;
    this.#transact(() => this.#store.saveSite(state.site, { shards: moved.shards, before: null }, state.shard));
    this.#load();
  }

  // Calls

  async report(call: CallReport, carrier: string): Promise<Outcome<{ call: Call; created: boolean }> | Elsewhere> {
    if (!this.#state) return unknownSite;
    const from = await keptCaller(this.#state.site, this.env.WORKER_KEY, call.from);
    return this.#withNumber(call.to, (state) => {
      const created = this.#store.call(call.id) === null;
      const row = this.#transact(() => reportCall(state, { ...call, from }, carrier));
      this.#counters.heardOfCall(Date.now() as EpochMs);
      this.#seal();
      return done({ call: presentCall(state, row), created });
    });
  }

  /** Proves a carrier's webhook, records what it says and answers it. */
  async carrierWebhook({ carrier, parts, versions }: Webhook): Promise<Outcome<WebhookAnswer> | Elsewhere> {
    if (!this.#state) return unknownSite;
    const { site } = this.#state;
    const secrets = await this.#secrets.open(workerKeys(this.env), site.id, carrier);
    const { value: proved, refusal } = await proveWebhook(carrier, parts, secrets);
    if (refusal) {
      // Turned away for good: told apart for whoever sets the carrier up.
      this.#sightings.note(carrier, refusal.status === 404 ? 'not_configured' : 'signature', parts.receivedAt);
      this.#counters.webhook(carrier, refusal.status === 404 ? 'unconfigured' : 'badSignature');
      this.#wakeIn(COUNTED_FOR_MS);
      return { refusal };
    }
    this.#sightings.note(carrier, 'webhook', parts.receivedAt);
    this.#counters.webhook(carrier, 'accepted');
    this.#counters.heardOfCall(parts.receivedAt);
    const kept = proved.event && (await keptEvent(site, this.env.WORKER_KEY, proved.event));
    const number = numberOf(proved.incoming, proved.event);
    const answer = (state: State) =>
      done({
        ...takeWebhook(state, proved, kept),
        lastKnown: this.#secrets.news(state, versions),
      });
    return this.#group.run(() => (number === null ? this.#with(answer) : this.#withNumber(number, answer)));
  }

  /** When each carrier was last heard of by this shard. */
  async sightings(): Promise<Outcome<Record<string, Sighting>>> {
    return this.#with(() => done(this.#sightings.all()));
  }

  async patchCall(id: string, patch: CallPatch): Promise<Outcome<Call>> {
    return this.#with((state) => {
      const row = this.#transact(() => patchCall(state, id, patch));
      this.#seal();
      return row ? done(presentCall(state, row)) : refuse(404, 'There is no call with this id.');
    });
  }

  async call(id: string): Promise<Outcome<Call>> {
    return this.#with((state) => {
      const row = this.#store.call(id);
      return row ? done(presentCall(state, row)) : refuse(404, 'There is no call with this id.');
    });
  }

  /** A call as its destinations are told of it; null where it is not here (any more). */
  async callNews(id: string): Promise<ReadNews | null> {
    if (!this.#state) return null;
    const row = this.#store.call(id);
    const { position } = this.#store.news;
    if (row) return { news: readNews(this.#state, row), position, erased: row.told.erased };
    this.#store.news.confirm(id, position);
    return null;
  }

  /** The news of a call, as it was read at a position, has been dealt with. @returns whether its people are erased */
  async confirmNews(call: string, position: number): Promise<boolean> {
    if (!this.#state) return false;
    this.#store.news.confirm(call, position);
    return this.#store.call(call)?.told.erased ?? false;
  }

  async attribution(number: string, at: number | null): Promise<Outcome<Attribution> | Elsewhere> {
    return this.#withNumber(number, (state) => done(attributionAt(state, number, (at ?? Date.now()) as EpochMs)));
  }

  async session(id: string): Promise<Outcome<SessionDetail>> {
    return this.#with((state) => {
      const row = this.#store.session(id);
      if (!row) return refuse(404, 'There is no session with this id.');
      return done({
        ...presentSession(row),
        visitor: row.visitor,
        touch: { url: row.landingPage, referrer: row.referrer },
        bindings: this.#store.bindingsOfSession(row).map(presentBinding),
        pageViews: this.#store.pageViews(row).map(({ url, at }) => ({ url, at: rfc3339(at) })),
        telClicks: telClicksOf(state, row),
        calls: this.#store.callsOfSession(id).map((call) => presentCall(state, call)),
      });
    });
  }

  // People

  /** A visitor's visits and calls, as far as this pool has them. */
  async journey(visitor: string): Promise<Outcome<Journey>> {
    return this.#with((state) => done(journeyOf(state, visitor)));
  }

  /** Forgets a visitor, here at once and in the ledger as soon as it answers: normally before this does. */
  async eraseVisitor(visitor: string): Promise<Outcome<null>> {
    return this.#erase({ kind: 'erasedVisitor', key: visitor }, () => forgetVisitor(this.#sql, visitor));
  }

  /** Forgets a caller, as `eraseVisitor`. A number is also forgotten in the hashed forms that the site may keep. */
  async eraseCaller(number: string): Promise<Outcome<null>> {
    if (!this.#state) return unknownSite;
    for (const caller of await keptForms(this.#state.site.id, workerKeys(this.env), number)) {
      await this.#erase({ kind: 'erasedCaller', key: caller }, () => forgetCaller(this.#sql, caller));
    }
    return done(null);
  }

  async #erase(erasure: Change, forget: () => string[]): Promise<Outcome<null>> {
    if (!this.#state) return unknownSite;
    this.#transact(() => {
      for (const call of forget()) this.#outbox.note({ kind: 'call', key: call });
      this.#outbox.note(erasure);
    });
    this.#seal();
    this.#load();
    await this.#drain();
    return done(null);
  }

  /** The scheduled job of a site: forgets what is older than it keeps; the first shard also tends to the ledger. */
  async tend(): Promise<Outcome<null>> {
    if (!this.#state) return unknownSite;
    const { site, shard } = this.#state;
    const now = Date.now() as EpochMs;
    const before = (now - site.retentionDays * DAY) as EpochMs;
    while (this.#sweep(() => forgetOlder(this.#sql, before, now))) await scheduler.wait(1);
    const hotSince = (now - (site.attribution.lookbackDays + HOT_DAYS_MORE) * DAY) as EpochMs;
    // Only what the ledger has: while anything waits for it, the pool keeps all.
    while (this.#outbox.isEmpty && this.#sweep(() => letGo(this.#sql, hotSince, now))) await scheduler.wait(1);
    if (shard === 0) {
      await ledgerRetention.forgetOlder(this.env.LEDGER, site.id, before, dayOf(before, site.timeZone));
      await sumMonths(this.env.LEDGER, site.id, dayOf(now, site.timeZone));
      await learnWeights(this.env.LEDGER, site, now);
    }
    return done(null);
  }

  #sweep(slice: () => boolean): boolean {
    const more = this.#transact(slice);
    this.#store.refresh();
    return more;
  }

  // State

  async occupancy(): Promise<Outcome<PoolState>> {
    return this.#with((state) => done(poolState(state, Date.now() as EpochMs)));
  }

  /** Signs of pressure in the hours since one, and how many numbers there are. */
  async pressure(sinceHour: number, target?: string): Promise<Outcome<Pressure>> {
    return this.#ofTarget(target, (state) => done(pressureOf(state, sinceHour, Date.now() as EpochMs, target)));
  }

  /** What this shard counted, and how it stands. */
  async metrics(): Promise<Outcome<ShardMetrics>> {
    return this.#with((state) => {
      const { total, free, leased, cooling, draining } = state.allocator.occupancy(Date.now() as EpochMs);
      return done({
        counts: this.#counters.counts,
        sightings: this.#sightings.all(),
        numbers: { total, free, leased, cooling, draining },
        outbox: this.#outbox.backlog(),
        callNews: this.#store.news.waiting,
        alerts: this.#alerts.list().filter(({ resolvedAt }) => resolvedAt === null),
      });
    });
  }

  async alerts(): Promise<Outcome<Alert[]>> {
    return this.#with(() => done(this.#alerts.list()));
  }

  async demand(target?: string): Promise<Outcome<Demand>> {
    return this.#ofTarget(target, (state) => done(demandOf(state, Date.now() as EpochMs, target)));
  }

  // Ledger

  /** Sends what waits to the ledger. May run twice, late, or after a crash: each row's state is sent, not its change. */
  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    const state = this.#state;
    if (!state) return;
    if (state.layout.before !== null) {
      this.#wakeIn(MOVE_EVERY_MS);
      try {
        await this.#handOver();
        if (state.shard === 0) await endMove(this.env, state.site.id, state.layout);
      } catch (error) {
        log.warn('move_interrupted', { reason: String(error) });
      }
    }
    this.#watch();
    await this.#spreadNews();
    await this.#drain();
  }

  /** Saves what was counted, looks whether the site needs a person, and tells whoever is to be told. */
  #watch(): void {
    const state = this.#state;
    if (!state) return;
    const now = Date.now() as EpochMs;
    this.#counters.save(now);
    const hour = Math.floor(now / HOUR);
    const pressure = this.#store.pressureSince(hour - 1);
    const exhausted = (of: number) => pressure.reduce((sum, row) => (row.hour === of ? sum + row.exhausted : sum), 0);
    const { since, sinceCall } = this.#counters.counts;
    const { callsPerVisit, tap } = state.habits.model;
    const findings = findingsOf(
      {
        now,
        exhausted: { thisHour: exhausted(hour), lastHour: exhausted(hour - 1) },
        silentSince: sinceCall.at ?? since,
        heard: sinceCall.at !== null,
        expectedCalls: sinceCall.visits * callsPerVisit + sinceCall.telClicks * tap.callProbability,
        behindMs: now - (this.#outbox.oldest ?? now),
      },
      state.site.alerts ?? USUAL,
      this.#alerts.lasting,
    );
    this.#alerts.note(findings, now);
    if (findings.size > 0) this.#wakeIn(WATCH_EVERY_MS);
    if (state.site.alerts) this.#tellAlerts(state.site);
  }

  /** Nobody waits for this: an alert's receiver may be slow. */
  #tellAlerts(site: Site): void {
    if (this.#telling) return;
    this.#telling = tellAlerts(this.env, site, this.#alerts, Date.now() as EpochMs)
      .then((next) => {
        if (next !== null && this.#state) this.#wakeIn(Math.max(SECOND, next - Date.now()));
      })
      .finally(() => {
        this.#telling = null;
      });
    this.ctx.waitUntil(this.#telling);
  }

  /** One drain at a time: who comes meanwhile waits for the one under way, which takes along what they left. */
  #drain(): Promise<void> {
    this.#draining ??= this.#drainAll().finally(() => {
      this.#draining = null;
    });
    return this.#draining;
  }

  async #drainAll(): Promise<void> {
    try {
      for (let batch = this.#outbox.take(DRAIN_AT_ONCE); batch; batch = this.#outbox.take(DRAIN_AT_ONCE)) {
        // A site that was deleted meanwhile has nothing to send.
        if (!this.#state) return;
        await writeBatch(this.env.LEDGER, snapshot(this.#state, batch));
        if (!this.#state) return;
        this.#outbox.confirm(batch.upTo);
      }
      this.#failures = 0;
    } catch (error) {
      // The ledger is away: what waits stays in the outbox. The runtime's own retries end after six, ours do not.
      const delay = Math.min(BACKOFF_MAX_MS, DRAIN_AFTER_MS * 2 ** this.#failures++);
      log.warn('ledger_unavailable', { failures: this.#failures, retryInMs: delay, reason: String(error) });
      this.#wakeIn(delay);
    }
  }

  // Simulation

  /** Has simulated visits and calls happen, at times of their own, in one transaction. Nothing of the Worker asks this. */
  protected simulate(happen: (pool: Leasing & Attributing) => void): void {
    const state = this.#state;
    if (!state) throw new Error('there is no site to simulate');
    this.#transact(() => happen(state));
    this.#seal();
  }

  // Inside

  #with<T>(answer: (state: State) => Outcome<T>): Outcome<T> {
    return this.#state ? answer(this.#state) : unknownSite;
  }

  /** Answers for one target, or for all. */
  #ofTarget<T>(target: string | undefined, answer: (state: State) => Outcome<T>): Outcome<T> {
    return this.#with((state) =>
      target === undefined || state.site.targets.some(({ id }) => id === target)
        ? answer(state)
        : refuse(400, 'The site has no such target.', [{ path: 'target', message: 'is no target of this site' }]),
    );
  }

  /** Answers for a number that is here, or that belongs here without being known. */
  #withNumber<T>(number: string, answer: (state: State) => Outcome<T>): Outcome<T> | Elsewhere {
    return this.#state &&
      !this.#state.numbers.has(number as E164) &&
      homeOf(number, this.#state.layout.shards) !== this.#state.shard
      ? { elsewhere: this.#state.layout }
      : this.#with(answer);
  }

  #asPublic<T>(
    asker: PublicAsker,
    from: { session: string; visitor: string | null },
    answer: (state: State, now: EpochMs) => Outcome<T>,
  ): Promise<Outcome<T> | Elsewhere> {
    return this.#group.run((): Outcome<T> | Elsewhere => {
      const state = this.#state;
      if (!state) return unknownSite;
      const now = Date.now() as EpochMs;
      if (this.#isMisplaced(state, from, now)) return { elsewhere: state.layout };
      const welcome = asker.origin === null ? asker.trusted : originAllowed(state.site.origins, asker.origin);
      if (!welcome) {
        const why =
          asker.origin === null
            ? 'A request without an Origin needs a token.'
            : `The site does not list the origin ${asker.origin}.`;
        return refuse(403, why);
      }
      return answer(state, now);
    });
  }

  /** Whether a visit belongs to another shard. One that holds a number here stays until it lets go. */
  #isMisplaced({ layout, shard }: State, from: { session: string; visitor: string | null }, now: EpochMs): boolean {
    if (homeOf(from.visitor ?? from.session, layout.shards) === shard) return false;
    if (layout.before === null) return true;
    const holds = this.#store.session(from.session)?.holds ?? {};
    return !Object.values(holds).some((seqs) => {
      const binding = this.#store.binding(seqs.at(-1) as number);
      return binding !== null && binding.expiresAt > now;
    });
  }

  /** All of it or nothing, memory included. Who calls it seals afterwards. */
  #transact<T>(work: () => T): T {
    try {
      return this.ctx.storage.transactionSync(work);
    } catch (error) {
      this.#load();
      throw error;
    }
  }

  /** Leaves in the outbox what this turn changed: one row for all of it, in the commit that holds the changes. */
  #seal(): void {
    if (this.#outbox.commit(Date.now() as EpochMs)) this.#wakeIn(DRAIN_AFTER_MS);
    else if (this.#counters.isDirty) this.#wakeIn(COUNTED_FOR_MS);
    const news = this.#store.news.takeFreshness();
    if (news !== 'none') this.#wakeIn(DRAIN_AFTER_MS);
    // Nobody waits for this; should it fail, the alarm comes after it.
    if (news === 'urgent') this.ctx.waitUntil(this.#spreadNews());
  }

  /** Tells the conversions which calls changed. May be repeated. */
  async #spreadNews(): Promise<void> {
    if (!this.#state || this.#store.news.isSent) return;
    try {
      await this.#store.news.send(this.env.CONVERSIONS, this.#state.site.id, this.ctx.id.toString());
    } catch (error) {
      log.warn('queue_unavailable', { retryInMs: NEWS_RETRY_MS, reason: String(error) });
      this.#wakeIn(NEWS_RETRY_MS);
    }
  }

  #wakeIn(ms: number): void {
    const at = Date.now() + ms;
    // Arming costs a write: only where none is armed, or for sooner.
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    void this.ctx.storage.setAlarm(at);
  }

  /** Builds the memory from SQLite in one pass. */
  #load(): void {
    this.#store.refresh();
    const stored = this.#store.site();
    if (!stored) {
      this.#state = null;
      return;
    }
    const { site, layout, shard } = stored;
    const now = Date.now() as EpochMs;
    const numbers = new Map(this.#store.numbers().map((row) => [row.number, row]));
    const allocator = new Allocator({
      ttlMs: site.lease.ttlSeconds * SECOND,
      cooldownMs: site.lease.cooldownSeconds * SECOND,
      onExhausted: site.lease.onExhausted,
    });
    const latest = this.#store.latestHolds();
    const pooled = [...numbers.values()]
      .filter((row) => row.kind === 'pool')
      .map((row) => ({ row, holds: (latest.get(row.number) ?? []).map(toHold) }))
      .sort((a, b) => releasedAt(a.holds) - releasedAt(b.holds));
    for (const { row, holds } of pooled) {
      // A number on its way to another shard is kept by who holds it and given to nobody else.
      const leaving = row.status === 'active' && homeOf(row.number, layout.shards) !== shard;
      allocator.add(row.number, row.target, leaving ? 'draining' : row.status, holds, now);
    }

    const limiter = new HourlyLimiter();
    for (const { key, at } of this.#store.leasesByAddress(firstSeq((now - HOUR) as EpochMs))) limiter.record(key, at);

    const sources = Map.groupBy(
      byPrecedence([...numbers.values()].flatMap((row) => (isActiveSource(row) ? [row] : []))),
      (row) => row.target,
    );
    this.#state = {
      site,
      layout,
      shard,
      store: this.#store,
      outbox: this.#outbox,
      counters: this.#counters,
      numbers,
      sources,
      allocator,
      habits: new SiteHabits(this.#sql),
      limiter,
      nextSeq: sequence(this.#store.lastSeq(), shard, Math.random),
    };
  }

  #present(row: NumberRow): TrackingNumber {
    const now = Date.now() as EpochMs;
    const allocator = this.#state?.allocator;
    allocator?.settle(now);
    const entry = allocator?.get(row.number);
    const hold = entry?.holds.at(-1) ?? entry?.last ?? null;
    const state =
      row.status === 'retired'
        ? 'retired'
        : row.kind === 'source' || !entry
          ? 'fixed'
          : entry.holds.length > 0
            ? 'leased'
            : allocator?.cooling(entry, now)
              ? 'cooling'
              : 'free';
    return {
      number: row.number,
      target: row.target,
      kind: row.kind,
      name: row.name,
      match: row.match,
      status: row.status,
      addedAt: rfc3339(row.addedAt),
      state,
      session: hold?.session ?? null,
      binding: hold && bindingId(hold.binding),
      leasedAt: rfc3339(hold?.startedAt ?? null),
      expiresAt: rfc3339(hold?.expiresAt ?? null),
    };
  }
}

export interface RowError {
  index: number;
  path: string;
  message: string;
}

function numberFault(
  row: NewNumber,
  site: Site,
  numbers: ReadonlyMap<E164, NumberRow>,
  taken: ReadonlySet<string>,
): { path: string; message: string } | null {
  if (!site.targets.some((target) => target.id === row.target)) {
    return { path: 'target', message: `this site has no target "${row.target}"` };
  }
  if (taken.has(row.number)) return { path: 'number', message: 'stands twice in this request' };
  const known = numbers.get(row.number);
  if (known && known.status !== 'retired') return { path: 'number', message: 'is already a number of this site' };
  if (site.targets.some((target) => target.number === row.number)) {
    return { path: 'number', message: "is a target's printed number: it cannot also track" };
  }
  return null;
}

function isSame(known: NumberRow, row: NewNumber): boolean {
  const key = ({ target, kind, name, match }: NewNumber | NumberRow) => JSON.stringify([target, kind, name, match]);
  return known.status === 'active' && key(known) === key(row);
}

function isActiveSource(row: NumberRow): row is NumberRow & { match: NonNullable<NumberRow['match']> } {
  return row.kind === 'source' && row.status === 'active' && row.match !== null;
}

function toHold(row: BindingRow): Hold {
  const { seq, session, visitor, startedAt, lastActiveAt, expiresAt } = row;
  return { binding: seq, session, visitor, startedAt, lastActiveAt, expiresAt };
}

function releasedAt(holds: Hold[]): number {
  return Math.max(0, ...holds.map((hold) => hold.expiresAt));
}
