import type { EpochMs, Site } from '@dialmark/shared';
import { type EncryptedSecrets, type SecretChanges, shownSecrets } from '../../calls/carrier-secrets.ts';
import { done, fail, type Outcome, unknownSite } from '../../platform/result.ts';
import type { PoolCore } from '../core.ts';
import { targetErrors } from '../numbers/numbers.ts';
import type { Layout } from '../shards/layout.ts';
import { migrate } from '../store/schema.ts';
import { DRAIN_AFTER_MS } from '../sync/ledger-feed.ts';
import { type SnippetParts, snippetParts } from './snippet-parts.ts';

/** The storage key of the cookie names, so that the script can be served without the ledger. */
const AD_COOKIES = 'ad_cookies';

/** The storage of scripts' second parts, by version. */
const REST = 'rest/';

/** The site itself: its configuration, its scripts, its end. */
export class SiteOperations {
  readonly #core: PoolCore;

  constructor(core: PoolCore) {
    this.#core = core;
  }

  /** Creates the site or replaces its configuration. Live leases stay. */
  configure(
    site: Site,
    layout: Layout,
    shard: number,
    secrets: SecretChanges = {},
  ): Outcome<{ created: boolean; secrets: EncryptedSecrets }> {
    const core = this.#core;
    migrate(core.storage);
    const created = core.memory === null;
    const errors = targetErrors(site.targets, core.memory?.numbers ?? new Map());
    if (errors.length > 0) {
      return fail('invalid_request', 'A tracking number cannot also be a printed number or a destination.', errors);
    }
    const stored = core.change(() => {
      const encrypted = core.secrets.apply(secrets);
      core.store.sites.save({ ...site, carriers: shownSecrets(encrypted) }, layout, shard);
      return encrypted;
    });
    core.reload();
    // To move numbers, or to report the site to the overview.
    core.wakeIn(DRAIN_AFTER_MS);
    return done({ created, secrets: stored });
  }

  configuration(): Outcome<Site> {
    return this.#core.withSite(({ site }) => done(site));
  }

  /** Returns the site once what waits was sent to the ledger, with how far that is still behind, in milliseconds. */
  async flushed(): Promise<Outcome<{ site: Site; layout: Layout; behindMs: number }>> {
    if (!this.#core.memory) return unknownSite;
    const behindMs = await this.#core.flush();
    return this.#core.withSite(({ site, layout }) => done({ site, layout, behindMs }));
  }

  /** Returns the parts of the script served for this site; all of them are public. */
  snippet(): Outcome<SnippetParts> {
    return this.#core.withSite((memory) =>
      done(snippetParts(memory, this.#core.storage.kv.get<string[]>(AD_COOKIES) ?? [])),
    );
  }

  /** Notes which cookies of Analytics and Meta the site's integrations use. */
  noteAdCookies(names: readonly string[]): Outcome<null> {
    return this.#core.withSite(() => {
      this.#core.storage.kv.put(AD_COOKIES, names);
      return done(null);
    });
  }

  /**
   * Keeps a script under its version: for good once a page pinned it, else as one of the latest.
   *
   * @param rest version of the rest that the script will ask for
   * @returns whether that is kept as well
   */
  publish(version: string, script: string, rest: string): Outcome<{ hasRest: boolean }> {
    return this.#core.withSite(({ store }) => {
      store.scripts.save(version, script, Date.now() as EpochMs);
      return done({ hasRest: this.#core.storage.kv.get(REST + rest) !== undefined });
    });
  }

  /** Keeps the rest of the script for good: there is one for each release, and pages that pinned a script ask for it. */
  keepRest(version: string, script: string): Outcome<null> {
    return this.#core.withSite(() => {
      this.#core.storage.kv.put(REST + version, script);
      return done(null);
    });
  }

  rest(version: string): Outcome<string> {
    return this.#core.withSite(() => {
      const script = this.#core.storage.kv.get<string>(REST + version);
      return script === undefined ? fail('script_not_found', 'There is no script of this version.') : done(script);
    });
  }

  published(version: string): Outcome<string> {
    return this.#core.withSite(({ store }) => {
      const script = store.scripts.get(version);
      return script === null ? fail('script_not_found', 'There is no script of this version.') : done(script);
    });
  }

  /** Begins the nightly work now: for a pool whose alarm was lost. */
  maintain(): Outcome<null> {
    return this.#core.withSite(() => {
      this.#core.maintain();
      return done(null);
    });
  }

  /** Forgets the site and everything in its pool. */
  async destroy(): Promise<Outcome<null>> {
    if (!this.#core.memory) return unknownSite;
    await this.#core.clear();
    return done(null);
  }
}
