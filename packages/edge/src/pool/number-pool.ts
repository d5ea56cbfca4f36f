import { DurableObject } from 'cloudflare:workers';
import {
  type Alert,
  type Attribution,
  type Call,
  type CallPatch,
  type CallReport,
  DAY,
  dayOf,
  type E164,
  type EpochMs,
  type EventRequest,
  type LeaseRequest,
  type LeaseResponse,
  type ListPage,
  type NewNumber,
  type NumberPatch,
  originAllowed,
  type PoolState,
  type PrintedNumber,
  rfc3339,
  SECOND,
  type SessionDetail,
  type Site,
  type SnippetConfig,
  type TrackingNumber,
} from '@dialmark/shared';
import { HourlyLimiter } from '../admission/limiter.ts';
import { keptCaller, keptEvent, keptForms } from '../calls/caller-hash.ts';
import { type SealedChanges, type SealedSecrets, shownSecrets } from '../carriers/secrets.ts';
import type { Webhook } from '../carriers/webhook.ts';
import { type Env, workerKeys } from '../env.ts';
import * as ledgerRetention from '../ledger/forget/retention.ts';
import { MOST_OF_SESSION } from '../ledger/read/visits.ts';
import { learnWeights } from '../ledger/write/learn-weights.ts';
import { sumMonths } from '../ledger/write/visit-pairs.ts';
import type { Part } from '../platform/cursor.ts';
import { GroupCommit } from '../platform/group-commit.ts';
import { log } from '../platform/log.ts';
import {
  done,
  type Elsewhere,
  type Failure,
  fail,
  type Outcome,
  unknownSite,
  unknownTarget,
} from '../platform/result.ts';
import { within } from '../platform/timeout.ts';
import {
  type Attributing,
  attributionAt,
  isToCome,
  patchCall,
  presentBinding,
  presentCall,
  presentSession,
  reportCall,
  telClicksOf,
} from './attribution/calls.ts';
import { proveWebhook, takeWebhook, type WebhookAnswer } from './attribution/carrier-webhook.ts';
import { calledBefore, type InOrder, markCalledElsewhere } from './attribution/first-call.ts';
import { type Journey, journeyOf } from './attribution/journey.ts';
import { pastHolders } from './attribution/past-holders.ts';
import { type Asker, type Leasing, lease, numbersWanted, record } from './leases/leasing.ts';
import { judgeTags } from './leases/page-tags.ts';
import { type CookieBearer, visitorCookie } from './leases/visitor-cookie.ts';
import { AlertLog } from './monitoring/alert-log.ts';
import { tellAlerts } from './monitoring/alerting.ts';
import { CarrierSightings, type Sighting } from './monitoring/carrier-last-seen.ts';
import { Counters } from './monitoring/counters.ts';
import { type Demand, demandOf, type Pressure, poolState, pressureOf } from './monitoring/occupancy.ts';
import { watch } from './monitoring/watch.ts';
import {
  newNumbers,
  pageOfNumbers,
  patchedNumber,
  presentNumber,
  type RowError,
  targetFaults,
} from './numbers/numbers.ts';
import { printed, printingOf } from './numbers/printed.ts';
import { allShards, homeOf, type Layout } from './shards/layout.ts';
import { countMoving, dropNumber, type Moved, packNumber, unpackNumber } from './shards/moves.ts';
import type { ShardMetrics } from './shards/shard-metrics.ts';
import { endMove, shardOf } from './shards/site-pools.ts';
import { AddressSalt } from './store/address-salt.ts';
import { erasedSince, type Forgotten, forgetCaller, forgetOlder, forgetVisitor, letGo } from './store/erasure.ts';
import { type Memory, readMemory } from './store/memory.ts';
import { exists, migrate } from './store/schema.ts';
import { SecretStore } from './store/secret-store.ts';
import { PoolStore } from './store/store.ts';
import { type ReadNews, readNews } from './sync/call-change.ts';
import { DRAIN_AFTER_MS, LedgerFeed } from './sync/ledger-feed.ts';
import { type Change, Outbox } from './sync/outbox.ts';

/** The Worker's view of who asks, with what decides whether they may. */
export interface PublicAsker extends Asker, CookieBearer {
  /** Carries a token good for this site: a server-side integrator. */
  trusted: boolean;
  /** How many requests for this site the Worker turned away since it last said. */
  refused?: number;
}

/** What a page is answered, and the cookie that is set with it, if any. */
export interface Answered<T> {
  body: T;
  setCookie: string | null;
}

/** What a site's script is made of. */
export interface SnippetParts {
  config: Omit<SnippetConfig, 'edge' | 'version'>;
  /** The site's own. */
  origins: readonly string[];
  /** Names of the cookies of Analytics and Meta that the script tells; none: it has no part that tells them. */
  adCookies: readonly string[];
}

/** Where those are noted, beside the tables: the script is served whether or not the ledger is there. */
const AD_COOKIES = 'ad_cookies';
/** And from when on the log is complete: what was before may only be in the ledger. */
const LET_GO_BEFORE = 'let_go_before';

/** The pool keeps its log for the lookback, in which a visit still counts for a call, and this long more. */
const HOT_DAYS_MORE = 30;
const MOVE_EVERY_MS = 5 * SECOND;

const PREVIEW_MISSES_PER_HOUR = 60;

const NEWS_RETRY_MS = 5 * SECOND;
/** How long news of a ringing call waits for that of others: the phone has not rung once by then. */
const GATHER_NEWS_MS = 100;
/** What was counted without anything being written is saved after so long, if nothing else wakes the pool before. */
const COUNTED_FOR_MS = 60 * SECOND;
/** How long the ledger may take before a site is judged without waiting for it. */
const LEDGER_GRACE_MS = 5 * SECOND;
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
  #state: Memory | null = null;
  #alarmAt: number | null = null;
  readonly #outbox: Outbox;
  readonly #secrets: SecretStore;
  readonly #sightings: CarrierSightings;
  readonly #counters: Counters;
  readonly #alerts: AlertLog;
  readonly #addresses: AddressSalt;
  readonly #feed: LedgerFeed;
  readonly #previewMisses = new HourlyLimiter();
  #telling: Promise<void> | null = null;
  #newsIsGathering = false;
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
    this.#addresses = new AddressSalt(this.#sql);
    this.#feed = new LedgerFeed({
      ledger: env.LEDGER,
      outbox: this.#outbox,
      pool: () => this.#state,
      before: ({ changes }) => this.#settleFirstCalls(changes),
      wakeIn: (ms) => this.#wakeIn(ms),
    });
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
    const errors = targetFaults(site.targets, this.#state?.numbers ?? new Map());
    if (errors.length > 0)
      return fail('invalid_request', 'A tracking number cannot also be printed or forwarded to.', errors);
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
        targets: site.targets.map(({ id, number, links }) => ({
          id,
          ...printed(number),
          links,
          printing: printingOf(number),
        })),
        sources: [...sources.values()]
          .flat()
          .flatMap(({ number, target, match }) => (match ? [{ ...printed(number), target, match }] : [])),
        session: site.session,
        consent: site.consent,
        ...(options as Partial<SnippetConfig>),
      };
      return done({
        config,
        origins: site.origins,
        adCookies: adIds ? (this.ctx.storage.kv.get<string[]>(AD_COOKIES) ?? []) : [],
      });
    });
  }

  /** Notes which cookies of Analytics and Meta the site's integrations use. */
  async tellCookies(names: readonly string[]): Promise<Outcome<null>> {
    return this.#with(() => {
      this.ctx.storage.kv.put(AD_COOKIES, names);
      return done(null);
    });
  }

  /** Keeps a script under its version: for good once a page pinned it, else as one of the latest. */
  async publish(version: string, script: string): Promise<Outcome<null>> {
    return this.#with(() => {
      this.#store.saveScript(version, script, Date.now() as EpochMs);
      return done(null);
    });
  }

  async published(version: string): Promise<Outcome<string>> {
    return this.#with(() => {
      const script = this.#store.script(version);
      return script === null ? fail('script_not_found', 'No script of this version was ever served.') : done(script);
    });
  }

  /** Forgets the site and everything in its pool. */
  async destroy(): Promise<Outcome<null>> {
    if (!this.#state) return unknownSite;
    this.#state = null;
    // What is on its way to the ledger must arrive before the ledger forgets the site.
    await this.#feed.quiet();
    this.#alarmAt = null;
    await this.ctx.storage.deleteAll();
    this.#outbox.reset();
    this.#store.news.reset();
    this.#sightings.reset();
    this.#counters.reset();
    this.#alerts.reset();
    this.#addresses.reset();
    return done(null);
  }

  // Numbers

  /**
   * Adds numbers whose form is already checked; refuses one by one those that the site cannot take.
   * @param request what tells it from others where it may be a repetition: what it added before is not refused
   */
  async addNumbers(
    rows: { index: number; row: NewNumber }[],
    request: string | null,
  ): Promise<Outcome<{ added: number; errors: RowError[] }>> {
    return this.#with((state) => {
      const { good, repeated, errors } = newNumbers(state, rows, request, Date.now() as EpochMs);
      this.#transact(() => {
        for (const row of good) this.#store.saveNumber(row);
      });
      if (good.length > 0) this.#load();
      return done({ added: good.length + repeated, errors });
    });
  }

  async listNumbers(limit: number, cursor: string | null): Promise<Outcome<ListPage<TrackingNumber>>> {
    return this.#with((state) => done(pageOfNumbers(state, limit, cursor, Date.now() as EpochMs)));
  }

  async patchNumber(number: string, patch: NumberPatch): Promise<Outcome<TrackingNumber> | Elsewhere> {
    return this.#withNumber(number, (state) => {
      const { value: row, error } = patchedNumber(state, number, patch);
      if (error) return { error };
      this.#transact(() => this.#store.saveNumber(row));
      this.#load();
      return done(presentNumber(this.#state ?? state, row, Date.now() as EpochMs));
    });
  }

  /**
   * Tells a page that previews a number for which target, and in which forms, it would show it; 404 for any number that
   * is not in use. Nobody finds the site's numbers out by trying: after some misses there is no answer for a while.
   */
  async preview(number: string): Promise<Outcome<PrintedNumber & { target: string }> | Elsewhere> {
    return this.#withNumber(number, ({ numbers }) => {
      const now = Date.now() as EpochMs;
      if (this.#previewMisses.count('', now) >= PREVIEW_MISSES_PER_HOUR) {
        return fail('rate_limited', "Too many previews of numbers that are not the site's. Try again in an hour.");
      }
      const row = numbers.get(number as E164);
      if (row && row.status !== 'retired') return done({ ...printed(row.number), target: row.target });
      this.#previewMisses.record('', now);
      return fail('number_not_found');
    });
  }

  // Leases

  async lease(request: LeaseRequest, asker: PublicAsker): Promise<Outcome<Answered<LeaseResponse>> | Elsewhere> {
    const counted = await this.#counted(asker, request, (state, now) => numbersWanted(state, request, now));
    return this.#asPublic(asker, request, (state, now) => {
      const { value: body, error } = lease(state, request, { ...asker, ...counted }, now);
      this.#counters.answered(body);
      return error ? { error } : done({ body, setCookie: visitorCookie(state.site, request, asker, false) });
    });
  }

  async record(told: EventRequest, asker: PublicAsker): Promise<Outcome<Answered<null>> | Elsewhere> {
    const tags = told.type === 'tag' && told.data && this.#state ? told.data : null;
    const event = tags ? { ...told, data: await this.#judgeTags(tags, asker.trusted) } : told;
    const counted = await this.#counted(asker, event, () =>
      event.type !== 'pageview' || this.#store.session(event.session) ? 0 : 1,
    );
    return this.#asPublic(asker, event, (state, now) => {
      record(state, event, { ...asker, ...counted }, now);
      const withdrawn = event.type === 'consent' && event.data?.granted === false;
      return done({ body: null, setCookie: visitorCookie(state.site, event, asker, withdrawn) });
    });
  }

  #judgeTags(tags: Record<string, unknown>, trusted: boolean): Promise<Record<string, unknown>> {
    return judgeTags(tags, (this.#state as Attributing).site, workerKeys(this.env), trusted);
  }

  // Shards

  /** Counts numbers for a visit of another shard, whose address is counted here. @returns how many it may have */
  async grant(asker: Pick<Asker, 'address' | 'block'>, wanted: number): Promise<number> {
    if (!this.#state) return wanted;
    const sealed = await this.#sealed(asker);
    return this.#state?.admission.grant({ ...sealed, visitor: null }, wanted, Date.now() as EpochMs) ?? wanted;
  }

  /**
   * Who asks, as it is counted. Of a spread site the shard that counts this address is asked as well, since a visit has
   * one shard and its address another; where that does not answer, what this one allows will do.
   */
  async #counted(
    asker: PublicAsker,
    from: { session: string; visitor: string | null },
    wanted: (state: Memory, now: EpochMs) => number,
  ): Promise<Pick<Asker, 'address' | 'block' | 'granted'>> {
    if (!this.#state || asker.address === null || asker.robot) return { address: null, block: null };
    const sealed = await this.#sealed(asker);
    const state = this.#state;
    if (!state || state.layout.shards === 1 || !this.#isWelcome(state, asker)) return sealed;
    const now = Date.now() as EpochMs;
    const home = homeOf(`address ${asker.block ?? asker.address}`, state.layout.shards);
    if (home === state.shard || this.#isMisplaced(state, from, now)) return sealed;
    const wants = wanted(state, now);
    if (wants === 0) return sealed;
    try {
      const { address, block = null } = asker;
      return { ...sealed, granted: await shardOf(this.env, state.site.id, home).grant({ address, block }, wants) };
    } catch (error) {
      log.warn('shard_unavailable', { reason: String(error) });
      return sealed;
    }
  }

  /** The hashes of an address and of its /48, as they are kept. */
  async #sealed({ address, block }: Pick<Asker, 'address' | 'block'>) {
    const now = Date.now() as EpochMs;
    const seal = (hash: string | null | undefined) => (hash ? this.#addresses.seal(hash, now) : null);
    return { address: await seal(address), block: await seal(block) };
  }

  #isWelcome({ site }: Memory, { origin, trusted }: PublicAsker): boolean {
    return origin === null ? trusted : originAllowed(site.origins, origin);
  }

  /** Takes in a number that moves here. May be told twice. */
  async adopt(moved: Moved): Promise<void> {
    if (!this.#state) throw new Error('a shard that is not configured cannot adopt');
    this.#transact(() => unpackNumber(this.#store, moved));
    this.#load();
  }

  /** What still has to leave this shard: numbers that belong elsewhere, and live visits that hold some. */
  async moving(): Promise<number> {
    return this.#state ? countMoving(this.#state, Date.now() as EpochMs) : 0;
  }

  /** Hands numbers that belong elsewhere to their new shard, each as soon as nobody holds it. */
  async #handOver(): Promise<void> {
    for (const number of [...(this.#state?.numbers.keys() ?? [])]) {
      // Read anew for each: while one was handed over, the next may have been changed or leased.
      const state = this.#state;
      const packed = state && packNumber(state, number, Date.now() as EpochMs);
      if (!packed) continue;
      const { home, moved } = packed;
      await shardOf(this.env, state.site.id, home).adopt(moved);
      const after = this.#state?.numbers.get(number);
      if (JSON.stringify(after) !== JSON.stringify(moved.row)) continue;
      this.#transact(() => dropNumber(this.#store, moved));
      this.#state?.numbers.delete(number);
      this.#state?.allocator.remove(number);
      this.#state?.habits.numbersChanged();
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
    if (isToCome(Date.parse(call.startedAt) as EpochMs, Date.now() as EpochMs)) {
      return fail('invalid_request', 'A call cannot be reported before it comes in.', [
        { path: 'startedAt', code: 'in_the_future', message: 'must not be in the future' },
      ]);
    }
    const away = await this.#recall(call.to, Date.parse(call.startedAt) as EpochMs);
    if (away) return away;
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

  /**
   * Proves a carrier's webhook, records what it says and answers it.
   * @param versions of the configuration that the asking isolate remembers
   */
  async carrierWebhook(webhook: Webhook, versions: string[]): Promise<Outcome<WebhookAnswer> | Elsewhere> {
    const { carrier, parts, number } = webhook;
    if (!this.#state) return unknownSite;
    const { site } = this.#state;
    const secrets = await this.#secrets.open(workerKeys(this.env), site.id, carrier);
    const { value: proved, error } = await proveWebhook(webhook, secrets);
    if (error) {
      // Turned away for good: told apart for whoever sets the carrier up.
      this.#sightings.note(
        carrier,
        error.code === 'carrier_not_configured' ? 'not_configured' : 'signature',
        parts.receivedAt,
      );
      this.#counters.webhook(carrier, error.code === 'carrier_not_configured' ? 'unconfigured' : 'badSignature');
      this.#wakeIn(COUNTED_FOR_MS);
      return { error };
    }
    this.#sightings.note(carrier, 'webhook', parts.receivedAt);
    this.#counters.webhook(carrier, 'accepted');
    this.#counters.heardOfCall(parts.receivedAt);
    const kept = proved.event && (await keptEvent(site, this.env.WORKER_KEY, proved.event));
    const answer = (state: Memory) =>
      done({
        ...takeWebhook(state, proved, kept),
        lastKnown: this.#secrets.news(state, versions),
      });
    return this.#group.run(() => (number === null ? this.#with(answer) : this.#withNumber(number, answer)));
  }

  /** Whether a caller was heard of here before calling another shard for the first time. */
  async calledBefore(caller: string, theirs: InOrder): Promise<boolean> {
    const state = this.#state;
    if (!state) return false;
    const before = this.#transact(() => calledBefore(state, caller, theirs));
    this.#seal();
    return before;
  }

  /** Of a spread site: takes the mark of a caller's first call from calls that another shard knows not to be. */
  async #settleFirstCalls(changes: readonly Change[]): Promise<void> {
    if (!this.#state || this.#state.layout.shards === 1) return;
    const { site, layout, shard } = this.#state;
    const others = allShards(layout).filter((other) => other !== shard);
    for (const { kind, key } of changes) {
      const row = kind === 'call' ? this.#store.call(key) : null;
      const { from } = row ?? {};
      if (!row?.firstTime || !from) continue;
      const theirs = { id: row.id, startedAt: row.startedAt };
      const known = await Promise.all(
        others.map((other) => shardOf(this.env, site.id, other).calledBefore(from, theirs)),
      );
      const [state, now] = [this.#state, this.#store.call(row.id)];
      if (!known.includes(true) || !state || !now) continue;
      this.#transact(() => markCalledElsewhere(state, now));
      this.#seal();
    }
  }

  /** When each carrier was last heard of by this shard. */
  async sightings(): Promise<Outcome<Record<string, Sighting>>> {
    return this.#with(() => done(this.#sightings.all()));
  }

  async patchCall(id: string, patch: CallPatch): Promise<Outcome<Call>> {
    return this.#with((state) => {
      const row = this.#transact(() => patchCall(state, id, patch));
      this.#seal();
      return row ? done(presentCall(state, row)) : fail('call_not_found');
    });
  }

  async call(id: string): Promise<Outcome<Call>> {
    return this.#with((state) => {
      const row = this.#store.call(id);
      return row ? done(presentCall(state, row)) : fail('call_not_found');
    });
  }

  /** A call as its destinations are told of it; null where it is not here (any more). */
  async callNews(id: string): Promise<ReadNews | null> {
    if (!this.#state) return null;
    const row = this.#store.call(id);
    const { position } = this.#store.news;
    const readAt = Date.now() as EpochMs;
    if (row) return { news: readNews(this.#state, row), position, readAt, erased: row.told.erased };
    this.#store.news.confirm(id, position);
    return null;
  }

  /**
   * The news of a call, as it was read at a position and a moment, has been dealt with.
   * @returns whether somebody was erased meanwhile, so that what was read may name them
   */
  async confirmNews(call: string, position: number, readAt: EpochMs): Promise<boolean> {
    if (!this.#state) return false;
    this.#store.news.confirm(call, position);
    return erasedSince(this.#sql, readAt);
  }

  async attribution(number: string, at: number | null): Promise<Outcome<Attribution> | Elsewhere> {
    const moment = (at ?? Date.now()) as EpochMs;
    const away = await this.#recall(number, moment);
    return away ?? this.#withNumber(number, (state) => done(attributionAt(state, number, moment)));
  }

  /** Brings back who held a number at a moment from which the pool has let go of its log. @returns why it cannot */
  async #recall(number: string, at: EpochMs): Promise<{ error: Failure } | null> {
    const letGoBefore = this.ctx.storage.kv.get<number>(LET_GO_BEFORE);
    if (!this.#state || letGoBefore === undefined) return null;
    if (at >= letGoBefore + this.#state.site.lease.ttlSeconds * SECOND) return null;
    try {
      const past = await pastHolders(this.env.LEDGER, this.#state.site.id, number, at);
      if (this.#state) this.#transact(() => this.#store.takeBack(past));
      return null;
    } catch (error) {
      log.warn('ledger_unavailable', { reason: String(error) });
      return fail(
        'ledger_unavailable',
        'Bindings this old are in the ledger only, and it is not answering. Try again later.',
      );
    }
  }

  async session(id: string): Promise<Outcome<SessionDetail>> {
    return this.#with((state) => {
      const row = this.#store.session(id);
      if (!row) return fail('session_not_found');
      return done({
        ...presentSession(row),
        visitor: row.visitor,
        touch: { url: row.landingPage, referrer: row.referrer },
        bindings: this.#store.bindingsOfSession(row).slice(0, MOST_OF_SESSION).map(presentBinding),
        pageViews: this.#store.pageViews(row).map(({ url, at }) => ({ url, at: rfc3339(at) })),
        telClicks: telClicksOf(state, row),
        calls: this.#store
          .callsOfSession(id)
          .slice(0, MOST_OF_SESSION)
          .map((call) => presentCall(state, call)),
      });
    });
  }

  // People

  /** A visitor's visits and calls, as far as this pool has them. */
  async journey(visitor: string, part: Part): Promise<Outcome<Journey>> {
    return this.#with((state) => done(journeyOf(state, visitor, part)));
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

  async #erase(erasure: Change, forget: () => Forgotten): Promise<Outcome<null>> {
    if (!this.#state) return unknownSite;
    this.#transact(() => {
      const { untied, changed } = forget();
      // Whose calls they were the ledger may not have heard yet, or it may hear first that they are nobody's.
      for (const call of untied) this.#outbox.note({ kind: 'erasedCall', key: call });
      for (const call of [...untied, ...changed]) this.#outbox.note({ kind: 'call', key: call });
      this.#outbox.note(erasure);
      // The keys of rows that the ledger refused may be theirs, too.
      this.#outbox.takeUpAgain();
    });
    this.#seal();
    this.#load();
    await this.#feed.drain();
    return done(null);
  }

  /** The scheduled job of a site: forgets what is older than it keeps; the first shard also tends to the ledger. */
  async tend(): Promise<Outcome<null>> {
    if (!this.#state) return unknownSite;
    const { site, shard } = this.#state;
    const now = Date.now() as EpochMs;
    const before = (now - site.retentionDays * DAY) as EpochMs;
    this.#addresses.retire(now);
    while (this.#sweep(() => forgetOlder(this.#sql, before, now))) await scheduler.wait(1);
    const hotSince = (now - (site.attribution.lookbackDays + HOT_DAYS_MORE) * DAY) as EpochMs;
    // Only what the ledger has: while anything waits for it, the pool keeps all.
    while (this.#outbox.isSettled && this.#sweep(() => this.#letGo(hotSince, now))) await scheduler.wait(1);
    if (shard === 0) {
      await ledgerRetention.forgetOlder(this.env.LEDGER, site.id, before, dayOf(before, site.timeZone));
      await sumMonths(this.env.LEDGER, site.id, dayOf(now, site.timeZone));
      await learnWeights(this.env.LEDGER, site, now);
    }
    this.#outbox.takeUpAgain();
    this.#seal();
    return done(null);
  }

  #letGo(before: EpochMs, now: EpochMs): boolean {
    const { kv } = this.ctx.storage;
    kv.put(LET_GO_BEFORE, Math.max(before, kv.get<number>(LET_GO_BEFORE) ?? 0));
    return letGo(this.#sql, before, now);
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
        bytes: this.#sql.databaseSize,
        ledgerBytes: this.#feed.ledgerBytes,
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
    this.#addresses.retire(Date.now() as EpochMs);
    await this.#spreadNews();
    const drained = this.#feed.drain();
    // What waited because the pool slept is no sign of a ledger that is behind.
    await within(LEDGER_GRACE_MS, drained).catch(() => {});
    this.#watch();
    await drained;
  }

  /** Saves what was counted, looks whether the site needs a person, and tells whoever is to be told. */
  #watch(): void {
    const state = this.#state;
    if (!state) return;
    const now = Date.now() as EpochMs;
    this.#counters.save(now);
    const bytes = { pool: this.#sql.databaseSize, ledger: this.#feed.ledgerBytes ?? 0 };
    const findings = watch(state, bytes, this.#alerts.lasting, now);
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

  // Simulation

  /** Has simulated visits and calls happen, at times of their own, in one transaction. Nothing of the Worker asks this. */
  protected simulate(happen: (pool: Leasing & Attributing) => void): void {
    const state = this.#state;
    if (!state) throw new Error('there is no site to simulate');
    this.#transact(() => happen(state));
    this.#seal();
  }

  // Inside

  #with<T>(answer: (state: Memory) => Outcome<T>): Outcome<T> {
    return this.#state ? answer(this.#state) : unknownSite;
  }

  /** Answers for one target, or for all. */
  #ofTarget<T>(target: string | undefined, answer: (state: Memory) => Outcome<T>): Outcome<T> {
    return this.#with((state) =>
      target === undefined || state.site.targets.some(({ id }) => id === target) ? answer(state) : unknownTarget(),
    );
  }

  /** Answers for a number that is here, or that belongs here without being known. */
  #withNumber<T>(number: string, answer: (state: Memory) => Outcome<T>): Outcome<T> | Elsewhere {
    return this.#state &&
      !this.#state.numbers.has(number as E164) &&
      homeOf(number, this.#state.layout.shards) !== this.#state.shard
      ? { elsewhere: this.#state.layout }
      : this.#with(answer);
  }

  #asPublic<T>(
    asker: PublicAsker,
    from: { session: string; visitor: string | null },
    answer: (state: Memory, now: EpochMs) => Outcome<T>,
  ): Promise<Outcome<T> | Elsewhere> {
    return this.#group.run((): Outcome<T> | Elsewhere => {
      const state = this.#state;
      if (!state) return unknownSite;
      const now = Date.now() as EpochMs;
      if (this.#isMisplaced(state, from, now)) return { elsewhere: state.layout };
      this.#counters.refused(asker.refused ?? 0);
      if (!this.#isWelcome(state, asker)) {
        const why =
          asker.origin === null
            ? 'A request without an Origin header needs a token.'
            : `The origin ${asker.origin} is not one of the site's origins.`;
        return fail('origin_not_allowed', why);
      }
      return answer(state, now);
    });
  }

  /**
   * Whether a visit belongs to another shard. One that holds a number here stays until it lets go, and one that is known
   * here is at home where the request does not say whose it is.
   */
  #isMisplaced({ layout, shard }: Memory, from: { session: string; visitor: string | null }, now: EpochMs): boolean {
    if (homeOf(from.visitor ?? from.session, layout.shards) === shard) return false;
    if (from.visitor === null && this.#store.session(from.session)) return false;
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
    if (news === 'urgent') this.#spreadNewsSoon();
  }

  /** Nobody who calls waits for this, and calls that come close together go as one. Should it fail, the alarm is next. */
  #spreadNewsSoon(): void {
    if (this.#newsIsGathering) return;
    this.#newsIsGathering = true;
    const gathered = scheduler.wait(GATHER_NEWS_MS).then(() => {
      this.#newsIsGathering = false;
      return this.#spreadNews();
    });
    this.ctx.waitUntil(gathered);
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

  #load(): void {
    this.#store.refresh();
    this.#state = readMemory(this.#store, this.#outbox, this.#counters, Date.now() as EpochMs);
  }
}
