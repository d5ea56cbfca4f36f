import type {
  Alert,
  Attribution,
  Call,
  CallPatch,
  CallReport,
  EpochMs,
  EventRequest,
  LeaseRequest,
  LeaseResponse,
  ListPage,
  NewNumber,
  NumberPatch,
  PoolSizing,
  PoolState,
  PrintedNumber,
  SessionDetail,
  Site,
  SiteMetrics,
  TrackingNumber,
} from '@dialmark/shared';
import type { SealedChanges, SealedSecrets } from '../../carriers/secrets.ts';
import type { Webhook } from '../../carriers/webhook.ts';
import { countDeliveries } from '../../conversions/delivery-counts.ts';
import type { Env } from '../../env.ts';
import type { Part } from '../../platform/cursor.ts';
import { done, type Elsewhere, fail, type Outcome, unknownSite } from '../../platform/result.ts';
import type { WebhookAnswer } from '../attribution/carrier-webhook.ts';
import type { Journey } from '../attribution/journey.ts';
import { latestOf, type Sighting } from '../monitoring/carrier-last-seen.ts';
import { addStates, type Pressure, poolSizing } from '../monitoring/occupancy.ts';
import type { Answered, NumberPool, PublicAsker } from '../number-pool.ts';
import type { RowError } from '../numbers/numbers.ts';
import { allShards, homeOf, homesOf, type Layout, SINGLE } from './layout.ts';
import { addMetrics } from './shard-metrics.ts';

type Pool = DurableObjectStub<NumberPool>;

/** One shard of a site. The first has the site's own name, so that a site with one shard is one object of that name. */
export function shardOf(env: Env, site: string, shard: number): Pool {
  const name = shard === 0 ? site : `${site}#${shard}`;
  let id = ids.get(name);
  if (!id) {
    id = env.POOL.idFromName(name);
    // A Worker isolate may serve many sites, and be asked for many that are not there.
    if (ids.size >= 10_000) ids.clear();
    ids.set(name, id);
  }
  return env.POOL.get(id);
}

/** A name's id is worked out by hashing, anew each time it is asked for. */
const ids = new Map<string, DurableObjectId>();

/** The site's first pool: its configuration, its scripts, and all there is of a site that is not spread. */
export function poolOf(env: Env, site: string): Pool {
  return shardOf(env, site, 0);
}

/** Ends a move once nothing is left to move anywhere; until then it does nothing. */
export async function endMove(env: Env, site: string, layout: Layout): Promise<void> {
  const shards = allShards(layout).map((shard) => shardOf(env, site, shard));
  const left = await Promise.all(shards.map((shard) => shard.moving()));
  if (left.every((count) => count === 0)) await Promise.all(shards.map((shard) => shard.settle(layout)));
}

/** How sites are spread, as this isolate last heard. A shard that is asked in error says better. */
const layouts = new Map<string, Layout>();

/**
 * A site's pools as one: each request goes to the shard it belongs to, one hop away, and what concerns all is asked of
 * all and put together.
 */
export class SitePools {
  readonly #env: Env;
  readonly #site: string;

  constructor(env: Env, site: string) {
    this.#env = env;
    this.#site = site;
  }

  /** Creates the site or replaces its configuration, on every shard. */
  async configure(site: Site, changes: SealedChanges): Promise<Outcome<{ created: boolean; secrets: SealedSecrets }>> {
    const known = await this.#shard(0).layout();
    if (known && known.before !== null && known.shards !== site.shards) {
      return fail('numbers_moving');
    }
    const before = known === null || known.shards === site.shards ? (known?.before ?? null) : known.shards;
    const layout: Layout = { shards: site.shards, before };
    const outcome = await this.#shard(0).configure(site, layout, 0, changes);
    if (outcome.error) return outcome;
    // A shard that is new has none of the secrets yet.
    const secrets = { ...changes, ...outcome.value.secrets };
    const others = allShards(layout).slice(1);
    await Promise.all(others.map((shard) => this.#shard(shard).configure(site, layout, shard, secrets)));
    layouts.set(this.#site, layout);
    // A site without numbers has nothing to wait for.
    if (layout.before !== null) await endMove(this.#env, this.#site, layout);
    return outcome;
  }

  async destroy(): Promise<Outcome<null>> {
    const layout = await this.#shard(0).layout();
    if (layout === null) return unknownSite;
    layouts.delete(this.#site);
    await Promise.all(allShards(layout).map((shard) => this.#shard(shard).destroy()));
    return done(null);
  }

  // Visits: one hop to the visitor's shard

  lease(request: LeaseRequest, asker: PublicAsker): Promise<Outcome<Answered<LeaseResponse>>> {
    return this.#atHome(request.visitor ?? request.session, (pool) => pool.lease(request, asker));
  }

  async record(event: EventRequest, asker: PublicAsker): Promise<Outcome<Answered<null>>> {
    const { visitor, session } = event;
    const outcome = await this.#atHome(visitor ?? session, (pool) => pool.record(event, asker));
    const layout = layouts.get(this.#site) ?? SINGLE;
    if (visitor !== null || layout.shards === 1) return outcome;
    // A visit lives where its visitor belongs, and this does not say who that is: a withdrawal of consent above all.
    const others = allShards(layout).filter((shard) => !homesOf(session, layout).includes(shard));
    await Promise.all(others.map((shard) => this.#shard(shard).record(event, asker)));
    return outcome;
  }

  // Numbers and calls: one hop to the number's shard

  /** The shard that has a number, for what concerns a call to it. */
  async ofNumber<T>(number: string, ask: (pool: Pool) => Promise<Outcome<T> | Elsewhere>): Promise<Outcome<T>> {
    return this.#atHome(number, ask);
  }

  report(call: CallReport, carrier: string): Promise<Outcome<{ call: Call; created: boolean }>> {
    return this.ofNumber(call.to, (pool) => pool.report(call, carrier));
  }

  carrierWebhook(webhook: Webhook, versions: string[]): Promise<Outcome<WebhookAnswer>> {
    return this.ofNumber(webhook.number ?? '', (pool) => pool.carrierWebhook(webhook, versions));
  }

  attribution(number: string, at: number | null): Promise<Outcome<Attribution>> {
    return this.ofNumber(number, (pool) => pool.attribution(number, at));
  }

  preview(number: string): Promise<Outcome<PrintedNumber & { target: string }>> {
    return this.ofNumber(number, (pool) => pool.preview(number));
  }

  patchNumber(number: string, patch: NumberPatch): Promise<Outcome<TrackingNumber>> {
    return this.ofNumber(number, (pool) => pool.patchNumber(number, patch));
  }

  async addNumbers(
    rows: { index: number; row: NewNumber }[],
    request: string | null,
  ): Promise<Outcome<{ added: number; errors: RowError[] }>> {
    const layout = await this.#layout();
    if (!layout) return unknownSite;
    if (layout.before !== null) {
      return fail('numbers_moving');
    }
    const byShard = Map.groupBy(rows, ({ row }) => homeOf(row.number, layout.shards));
    const outcomes = await Promise.all(
      [...byShard].map(([shard, mine]) => this.#shard(shard).addNumbers(mine, request)),
    );
    const refused = outcomes.find((outcome) => outcome.error);
    if (refused) return refused;
    const values = outcomes.map((outcome) => outcome.value as { added: number; errors: RowError[] });
    return done({
      added: values.reduce((sum, { added }) => sum + added, 0),
      errors: values.flatMap(({ errors }) => errors),
    });
  }

  async listNumbers(limit: number, cursor: string | null): Promise<Outcome<ListPage<TrackingNumber>>> {
    const pages = await this.#ofAll((pool) => pool.listNumbers(limit, cursor));
    if (pages.error) return pages;
    const items = pages.value.flatMap((page) => page.items).sort((a, b) => (a.number < b.number ? -1 : 1));
    const more = items.length > limit || pages.value.some((page) => page.cursor !== null);
    const page = items.slice(0, limit);
    return done({ items: page, cursor: more ? (page.at(-1)?.number ?? null) : null });
  }

  // What any shard may know

  call(id: string): Promise<Outcome<Call>> {
    return this.#ofAny((pool) => pool.call(id));
  }

  patchCall(id: string, patch: CallPatch): Promise<Outcome<Call>> {
    return this.#ofAny((pool) => pool.patchCall(id, patch));
  }

  session(id: string): Promise<Outcome<SessionDetail>> {
    return this.#ofAny((pool) => pool.session(id));
  }

  /** A visitor's visits and calls, as far as any shard has them. */
  async journey(visitor: string, part: Part): Promise<Outcome<Journey>> {
    const parts = await this.#ofAll((pool) => pool.journey(visitor, part));
    if (parts.error) return parts;
    return done({
      sessions: parts.value.flatMap(({ sessions }) => sessions),
      calls: parts.value.flatMap(({ calls }) => calls),
    });
  }

  async eraseVisitor(visitor: string): Promise<Outcome<null>> {
    const outcomes = await this.#ofAll((pool) => pool.eraseVisitor(visitor));
    return outcomes.error ? outcomes : done(null);
  }

  async eraseCaller(number: string): Promise<Outcome<null>> {
    const outcomes = await this.#ofAll((pool) => pool.eraseCaller(number));
    return outcomes.error ? outcomes : done(null);
  }

  /** The scheduled job of the site. */
  async tend(): Promise<Outcome<null>> {
    const outcomes = await this.#ofAll((pool) => pool.tend());
    return outcomes.error ? outcomes : done(null);
  }

  async occupancy(): Promise<Outcome<PoolState>> {
    const states = await this.#ofAll((pool) => pool.occupancy());
    return states.error ? states : done(addStates(states.value));
  }

  async sizing(target?: string, blocking?: number): Promise<Outcome<PoolSizing>> {
    const demands = await this.#ofAll((pool) => pool.demand(target));
    return demands.error ? demands : done(poolSizing(demands.value, blocking));
  }

  /** When each carrier was last heard of. */
  async sightings(): Promise<Outcome<(carrier: string) => Sighting>> {
    const shards = await this.#ofAll((pool) => pool.sightings());
    if (shards.error) return shards;
    return done((carrier) => latestOf(shards.value.flatMap((seen) => seen[carrier] ?? [])));
  }

  /** What all shards counted, and how they stand. */
  async metrics(): Promise<Outcome<SiteMetrics>> {
    const now = Date.now() as EpochMs;
    const [shards, deliveries] = await Promise.all([
      this.#ofAll((pool) => pool.metrics()),
      countDeliveries(this.#env.LEDGER, this.#site, now),
    ]);
    return shards.error ? shards : done(addMetrics(shards.value, deliveries, now));
  }

  /** Latest first. */
  async alerts(): Promise<Outcome<Alert[]>> {
    const shards = await this.#ofAll((pool) => pool.alerts());
    if (shards.error) return shards;
    return done(shards.value.flat().sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1)));
  }

  /** Signs of pressure of all shards. */
  async pressure(sinceHour: number, target?: string): Promise<Outcome<Pressure>> {
    const shards = await this.#ofAll((pool) => pool.pressure(sinceHour, target));
    if (shards.error) return shards;
    return done({
      hours: shards.value.flatMap(({ hours }) => hours),
      numbers: shards.value.reduce((sum, { numbers }) => sum + numbers, 0),
    });
  }

  // Inside

  #shard(shard: number): Pool {
    return shardOf(this.#env, this.#site, shard);
  }

  async #layout(): Promise<Layout | null> {
    const layout = await this.#shard(0).layout();
    if (layout) layouts.set(this.#site, layout);
    return layout;
  }

  /** Asks where it belongs by the layout last heard of; who is asked in error tells the right one. */
  async #atHome<T>(key: string, ask: (pool: Pool) => Promise<Outcome<T> | Elsewhere>): Promise<Outcome<T>> {
    let layout = layouts.get(this.#site) ?? SINGLE;
    for (let attempt = 0; attempt < 3; attempt++) {
      let heard: Layout | null = null;
      for (const shard of homesOf(key, layout)) {
        const answer = await ask(this.#shard(shard));
        if (!('elsewhere' in answer)) {
          // A shard that is not there (any more): the first one knows.
          if (shard === 0 || answer.error?.code !== 'site_not_found') return answer;
          heard = SINGLE;
          break;
        }
        heard = answer.elsewhere;
        if (heard.shards !== layout.shards || heard.before !== layout.before) break;
      }
      layout = heard ?? SINGLE;
      layouts.set(this.#site, layout);
    }
    return fail('numbers_moving');
  }

  async #ofAll<T>(ask: (pool: Pool) => Promise<Outcome<T>>): Promise<Outcome<T[]>> {
    const layout = await this.#layout();
    if (!layout) return unknownSite;
    const outcomes = await Promise.all(allShards(layout).map((shard) => ask(this.#shard(shard))));
    const refused = outcomes.find((outcome) => outcome.error);
    return refused ? { error: refused.error as never } : done(outcomes.map((outcome) => outcome.value as T));
  }

  async #ofAny<T>(ask: (pool: Pool) => Promise<Outcome<T>>): Promise<Outcome<T>> {
    const layout = await this.#layout();
    if (!layout) return unknownSite;
    const outcomes = await Promise.all(allShards(layout).map((shard) => ask(this.#shard(shard))));
    return outcomes.find((outcome) => !outcome.error) ?? (outcomes[0] as Outcome<T>);
  }
}
