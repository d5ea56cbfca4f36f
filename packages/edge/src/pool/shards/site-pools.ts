import type { NewNumber, Site } from '@dialmark/shared';
import type { EncryptedSecrets, SecretChanges } from '../../calls/carrier-secrets.ts';
import type { Env } from '../../env.ts';
import { done, fail, type Outcome, unknownSite } from '../../platform/result.ts';
import type { RowError } from '../numbers/numbers.ts';
import { endMove } from './hand-over.ts';
import { allShards, homeOf, homesOf, type Layout, type Redirect, SINGLE } from './layout.ts';
import { type RemotePool, shardOf } from './remote-pool.ts';

/** The layout of sites that this isolate last saw. A shard that receives a misdirected request knows better. */
const layouts = new Map<string, Layout>();

type Ask<T> = (pool: RemotePool) => Promise<Outcome<T>>;
type AskAtHome<T> = (pool: RemotePool) => Promise<Outcome<T> | Redirect>;

/**
 * A site's pools as one: each question goes to the shard it belongs to, one hop away, and what concerns all shards is
 * asked of all and put together.
 */
export class SitePools {
  readonly #env: Env;
  readonly #site: string;

  constructor(env: Env, site: string) {
    this.#env = env;
    this.#site = site;
  }

  // Asking

  /** Asks the shard of a visit, found by its visitor, or where nobody says who that is, by itself. */
  ofVisit<T>(
    { visitor, session }: { visitor: string | null; session: string },
    ask: AskAtHome<T>,
  ): Promise<Outcome<T>> {
    return this.#atHome(visitor ?? session, ask);
  }

  /** Asks the shard that has a number. */
  ofNumber<T>(number: string, ask: AskAtHome<T>): Promise<Outcome<T>> {
    return this.#atHome(number, ask);
  }

  /** Asks all shards, and returns the first answer that is not an error, else of the one that knows more than that it has nothing. */
  async ofAny<T>(ask: Ask<T>): Promise<Outcome<T>> {
    const outcomes = await this.#each(ask);
    if (!outcomes) return unknownSite;
    const knows = ({ error }: Outcome<T>) => !error?.code.endsWith('_not_found');
    return outcomes.find((outcome) => !outcome.error) ?? outcomes.find(knows) ?? (outcomes[0] as Outcome<T>);
  }

  /** Asks all shards, and puts their answers together. */
  async ofAll<T, All>(ask: Ask<T>, together: (answers: T[]) => All): Promise<Outcome<All>> {
    const outcomes = await this.#each(ask);
    if (!outcomes) return unknownSite;
    const answers: T[] = [];
    for (const { value, error } of outcomes) {
      if (error) return { error };
      answers.push(value as T);
    }
    return done(together(answers));
  }

  /**
   * Asks the shard of a visit, and if the visit's visitor is not named, all others too: a visit lives where its visitor
   * belongs, and a withdrawal of consent does not say who that is.
   */
  async ofVisitWherever<T>(visit: { visitor: string | null; session: string }, ask: AskAtHome<T>): Promise<Outcome<T>> {
    const outcome = await this.ofVisit(visit, ask);
    const layout = layouts.get(this.#site) ?? SINGLE;
    if (visit.visitor !== null || layout.shards === 1) return outcome;
    const others = allShards(layout).filter((shard) => !homesOf(visit.session, layout).includes(shard));
    await Promise.all(others.map((shard) => ask(this.#shard(shard))));
    return outcome;
  }

  /**
   * Has all shards send what waits for the ledger, and returns the site with how far the ledger is behind, at most, in
   * milliseconds: 0 where all that was acknowledged is there.
   */
  async flushed(): Promise<Outcome<{ site: Site; behindMs: number }>> {
    const { value, error } = await this.#shard(0).site.flushed();
    if (error) return { error };
    layouts.set(this.#site, value.layout);
    const others = allShards(value.layout).slice(1);
    const behind = await Promise.all(others.map((shard) => this.#shard(shard).changes.flush()));
    return done({ site: value.site, behindMs: Math.max(value.behindMs, ...behind) });
  }

  // Operations that run on every shard

  /** Creates the site or replaces its configuration, on every shard. */
  async configure(
    site: Site,
    changes: SecretChanges,
  ): Promise<Outcome<{ created: boolean; secrets: EncryptedSecrets }>> {
    const first = this.#shard(0);
    const known = await first.shards.layout();
    if (known && known.before !== null && known.shards !== site.shards) return fail('numbers_moving');
    const before = known === null || known.shards === site.shards ? (known?.before ?? null) : known.shards;
    const layout: Layout = { shards: site.shards, before };
    const outcome = await first.site.configure(site, layout, 0, changes);
    if (outcome.error) return outcome;
    // A shard that is new has none of the secrets yet.
    const secrets = { ...changes, ...outcome.value.secrets };
    const others = allShards(layout).slice(1);
    await Promise.all(others.map((shard) => this.#shard(shard).site.configure(site, layout, shard, secrets)));
    layouts.set(this.#site, layout);
    // A site without numbers has nothing to wait for.
    if (layout.before !== null) await endMove((shard) => this.#shard(shard), layout);
    return outcome;
  }

  async destroy(): Promise<Outcome<null>> {
    const layout = await this.#shard(0).shards.layout();
    if (layout === null) return unknownSite;
    layouts.delete(this.#site);
    await Promise.all(allShards(layout).map((shard) => this.#shard(shard).site.destroy()));
    return done(null);
  }

  /** Adds numbers, each to its shard. */
  async addNumbers(
    rows: { index: number; row: NewNumber }[],
    request: string | null,
  ): Promise<Outcome<{ added: number; errors: RowError[] }>> {
    const layout = await this.#layout();
    if (!layout) return unknownSite;
    if (layout.before !== null) return fail('numbers_moving');
    const byShard = Map.groupBy(rows, ({ row }) => homeOf(row.number, layout.shards));
    const outcomes = await Promise.all(
      [...byShard].map(([shard, mine]) => this.#shard(shard).numbers.add(mine, request)),
    );
    const failed = outcomes.find((outcome) => outcome.error);
    if (failed) return failed;
    const values = outcomes.map((outcome) => outcome.value as { added: number; errors: RowError[] });
    return done({
      added: values.reduce((sum, { added }) => sum + added, 0),
      errors: values.flatMap(({ errors }) => errors),
    });
  }

  // Inside

  #shard(shard: number): RemotePool {
    return shardOf(this.#env, this.#site, shard);
  }

  async #layout(): Promise<Layout | null> {
    const layout = await this.#shard(0).shards.layout();
    if (layout) layouts.set(this.#site, layout);
    return layout;
  }

  async #each<T>(ask: Ask<T>): Promise<Outcome<T>[] | null> {
    const layout = await this.#layout();
    return layout && Promise.all(allShards(layout).map((shard) => ask(this.#shard(shard))));
  }

  /** Asks the shard that something belongs to by the layout last seen; one that is asked in error redirects. */
  async #atHome<T>(key: string, ask: AskAtHome<T>): Promise<Outcome<T>> {
    let layout = layouts.get(this.#site) ?? SINGLE;
    for (let attempt = 0; attempt < 3; attempt++) {
      let redirected: Layout | null = null;
      for (const shard of homesOf(key, layout)) {
        const answer = await ask(this.#shard(shard));
        if (!('redirect' in answer)) {
          // A shard that does not exist, or no longer: the first one knows.
          if (shard === 0 || answer.error?.code !== 'site_not_found') return answer;
          redirected = SINGLE;
          break;
        }
        redirected = answer.redirect;
        if (redirected.shards !== layout.shards || redirected.before !== layout.before) break;
      }
      layout = redirected ?? SINGLE;
      layouts.set(this.#site, layout);
    }
    return fail('numbers_moving');
  }
}
