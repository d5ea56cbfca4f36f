import { type EpochMs, type EventRequest, type LeaseRequest, originAllowed } from '@dialmark/shared';
import type { Client, Counted } from '../../admission/client.ts';
import { workerKeys } from '../../env.ts';
import type { CookiePolicy } from '../../platform/cookie.ts';
import { log } from '../../platform/log.ts';
import { done, fail, type Outcome, unknownSite } from '../../platform/result.ts';
import type { PoolCore } from '../core.ts';
import { keptContact } from '../forms/contact.ts';
import { homeOf, type Redirect } from '../shards/layout.ts';
import type { Memory } from '../store/memory.ts';
import type { Leased } from './assigned.ts';
import { hashesOf } from './client-address.ts';
import { record } from './event.ts';
import { lease, numbersWanted } from './lease.ts';
import { judgeTags } from './page-tags.ts';
import { visitorCookie } from './visitor-cookie.ts';

/** The answer to a page, and the cookie to be set with it, if any. */
export interface Answered<T> {
  body: T;
  cookie: CookiePolicy | null;
}

type VisitKey = { session: string; visitor: string | null };

/** The operations for a site's pages: numbers for a visit, and its events. */
export class LeaseOperations {
  readonly #core: PoolCore;

  constructor(core: PoolCore) {
    this.#core = core;
  }

  /** Assigns numbers to a visit, or renews what it holds. */
  async lease(request: LeaseRequest, client: Client): Promise<Outcome<Answered<Leased>> | Redirect> {
    const counted = await this.#counted(client, request, (memory, now) => numbersWanted(memory, request, now));
    return this.#forPage(client, request, (memory, now) => {
      const { value: body, error } = lease(memory, request, { ...client, ...counted }, now);
      this.#core.counters.answered(body);
      return error ? { error } : done({ body, cookie: visitorCookie(memory.site, request, client, false) });
    });
  }

  /** Records an event of a visit, and renews what it holds. */
  async record(received: EventRequest, client: Client): Promise<Outcome<Answered<null>> | Redirect> {
    const event = await this.#withJudgedTags(received, client.trusted);
    const counted = await this.#counted(client, event, () =>
      event.type !== 'pageview' || this.#core.store.session(event.session) ? 0 : 1,
    );
    const { memory: current, env } = this.#core;
    const contact = current?.site.forms === 'contact' && event.type === 'form' && event.contact;
    const kept = contact ? await keptContact(current.site, env.WORKER_KEY, contact) : null;
    return this.#forPage(client, event, (memory, now) => {
      record(memory, event, { ...client, ...counted }, now, kept);
      const withdrawn = event.type === 'consent' && event.data?.granted === false;
      return done({ body: null, cookie: visitorCookie(memory.site, event, client, withdrawn) });
    });
  }

  async #withJudgedTags(event: EventRequest, trusted: boolean): Promise<EventRequest> {
    const { memory, env } = this.#core;
    if (event.type !== 'tag' || !event.data || !memory) return event;
    return { ...event, data: await judgeTags(event.data, memory.site, workerKeys(env), trusted) };
  }

  /**
   * Returns the client's address as it is counted. In a spread site the shard that counts this address is asked as
   * well, since a visit has one shard and its address another; if that does not answer, what this one allows will do.
   */
  async #counted(client: Client, visit: VisitKey, wanted: (memory: Memory, now: EpochMs) => number): Promise<Counted> {
    if (!this.#core.memory || client.address === null || client.robot) return { address: null, block: null };
    const hashes = await hashesOf(this.#core, client);
    const { memory } = this.#core;
    if (!memory || memory.layout.shards === 1 || !mayAsk(memory, client)) return hashes;
    const now = Date.now() as EpochMs;
    const home = homeOf(`address ${client.block ?? client.address}`, memory.layout.shards);
    if (home === memory.shard || isMisplaced(memory, visit, now)) return hashes;
    const wants = wanted(memory, now);
    if (wants === 0) return hashes;
    try {
      const { address, block = null } = client;
      return { ...hashes, granted: await this.#core.peer(home).shards.grant({ address, block }, wants) };
    } catch (error) {
      log.warn('shard_unavailable', { reason: String(error) });
      return hashes;
    }
  }

  /** Answers a page, in one commit with other pages, if its origin may ask and its visit belongs here. */
  #forPage<T>(
    client: Client,
    visit: VisitKey,
    answer: (memory: Memory, now: EpochMs) => Outcome<T>,
  ): Promise<Outcome<T> | Redirect> {
    return this.#core.changeInGroup((): Outcome<T> | Redirect => {
      const { memory, counters } = this.#core;
      if (!memory) return unknownSite;
      const now = Date.now() as EpochMs;
      if (isMisplaced(memory, visit, now)) return { redirect: memory.layout };
      counters.refused(client.refused ?? 0);
      if (mayAsk(memory, client)) return answer(memory, now);
      return fail(
        'origin_not_allowed',
        client.origin === null
          ? 'A request without an Origin header needs a token.'
          : `The origin ${client.origin} is not one of the site's origins.`,
      );
    });
  }
}

function mayAsk({ site }: Memory, { origin, trusted }: Client): boolean {
  return origin === null ? trusted : originAllowed(site.origins, origin);
}

/**
 * Returns whether a visit belongs to another shard. One that holds a number here stays until it lets go, and one that is
 * known here is at home if the request does not name its visitor.
 */
function isMisplaced({ layout, shard, store }: Memory, { session, visitor }: VisitKey, now: EpochMs): boolean {
  if (homeOf(visitor ?? session, layout.shards) === shard) return false;
  if (visitor === null && store.session(session)) return false;
  if (layout.before === null) return true;
  const holds = store.session(session)?.bindings ?? {};
  return !Object.values(holds).some((seqs) => {
    const binding = store.binding(seqs.at(-1) as number);
    return binding !== null && binding.expiresAt > now;
  });
}
