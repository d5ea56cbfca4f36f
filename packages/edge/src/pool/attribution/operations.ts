import {
  type Attribution,
  type Call,
  type CallPatch,
  type CallReport,
  type EpochMs,
  rfc3339,
  SECOND,
  type SessionDetail,
} from '@dialmark/shared';
import { keptCaller, keptEvent } from '../../calls/caller-hash.ts';
import type { Webhook } from '../../carriers/webhook.ts';
import { workerKeys } from '../../env.ts';
import { MOST_OF_SESSION } from '../../ledger/read/visits.ts';
import { log } from '../../platform/log.ts';
import { done, type Failure, fail, type Outcome, unknownSite } from '../../platform/result.ts';
import type { PoolCore } from '../core.ts';
import { logIsCompleteSince } from '../maintenance.ts';
import type { Redirect } from '../shards/layout.ts';
import type { Memory } from '../store/memory.ts';
import {
  attributionAt,
  isToCome,
  patchCall,
  presentBinding,
  presentCall,
  presentSession,
  reportCall,
  telClicksOf,
} from './calls.ts';
import { proveWebhook, takeWebhook, type WebhookAnswer } from './carrier-webhook.ts';
import { pastHolders } from './past-holders.ts';

const unknownCall = fail('call_not_found');

/** Calls, and which visit each came from. */
export class CallOperations {
  readonly #core: PoolCore;

  constructor(core: PoolCore) {
    this.#core = core;
  }

  /** Records a call by the API, or what a later report of the same call adds. */
  async report(call: CallReport, carrier: string): Promise<Outcome<{ call: Call; created: boolean }> | Redirect> {
    const core = this.#core;
    if (!core.memory) return unknownSite;
    const startedAt = Date.parse(call.startedAt) as EpochMs;
    if (isToCome(startedAt, Date.now() as EpochMs)) {
      return fail('invalid_request', 'A call cannot be reported before it comes in.', [
        { path: 'startedAt', code: 'in_the_future', message: 'must not be in the future' },
      ]);
    }
    const unavailable = await this.#recall(call.to, startedAt);
    if (unavailable) return unavailable;
    if (!core.memory) return unknownSite;
    const from = await keptCaller(core.memory.site, core.env.WORKER_KEY, call.from);
    return core.withNumber(call.to, (memory) => {
      const created = core.store.call(call.id) === null;
      const row = core.change(() => {
        core.counters.heardOfCall(Date.now() as EpochMs);
        return reportCall(memory, { ...call, from }, carrier);
      });
      return done({ call: presentCall(memory, row), created });
    });
  }

  /**
   * Proves a carrier's webhook, records what it says and answers it.
   * @param versions of the configuration that the asking isolate remembers
   */
  async takeWebhook(webhook: Webhook, versions: string[]): Promise<Outcome<WebhookAnswer> | Redirect> {
    const core = this.#core;
    const { carrier, parts, number } = webhook;
    if (!core.memory) return unknownSite;
    const { site } = core.memory;
    const secrets = await core.secrets.open(workerKeys(core.env), site.id, carrier);
    const { value: proved, error } = await proveWebhook(webhook, secrets);
    if (error) {
      // Turned away for good: told apart for whoever sets the carrier up.
      const unconfigured = error.code === 'carrier_not_configured';
      core.lastSeen.note(carrier, unconfigured ? 'not_configured' : 'signature', parts.receivedAt);
      core.counters.webhook(carrier, unconfigured ? 'unconfigured' : 'badSignature');
      core.saveCountsLater();
      return { error };
    }
    core.lastSeen.note(carrier, 'webhook', parts.receivedAt);
    core.counters.webhook(carrier, 'accepted');
    core.counters.heardOfCall(parts.receivedAt);
    const kept = proved.event && (await keptEvent(site, core.env.WORKER_KEY, proved.event));
    const answer = (memory: Memory) =>
      done({ ...takeWebhook(memory, proved, kept), lastKnown: core.secrets.news(memory, versions) });
    return core.changeInGroup(() => (number === null ? core.withSite(answer) : core.withNumber(number, answer)));
  }

  get(id: string): Outcome<Call> {
    return this.#core.withSite((memory) => {
      const row = memory.store.call(id);
      return row ? done(presentCall(memory, row)) : unknownCall;
    });
  }

  patch(id: string, patch: CallPatch): Outcome<Call> {
    return this.#core.withSite((memory) => {
      const row = this.#core.change(() => patchCall(memory, id, patch));
      return row ? done(presentCall(memory, row)) : unknownCall;
    });
  }

  /** Returns whose number it was at a moment, or is now. */
  async attribution(number: string, at: number | null): Promise<Outcome<Attribution> | Redirect> {
    const moment = (at ?? Date.now()) as EpochMs;
    const unavailable = await this.#recall(number, moment);
    return unavailable ?? this.#core.withNumber(number, (memory) => done(attributionAt(memory, number, moment)));
  }

  /** Brings back who held a number at a moment that the pool no longer has the log of. @returns why it cannot */
  async #recall(number: string, at: EpochMs): Promise<{ error: Failure } | null> {
    const core = this.#core;
    const completeSince = logIsCompleteSince(core.storage);
    if (!core.memory || completeSince === null) return null;
    if (at >= completeSince + core.memory.site.lease.ttlSeconds * SECOND) return null;
    try {
      const past = await pastHolders(core.env.LEDGER, core.memory.site.id, number, at);
      if (core.memory) core.change(() => core.store.takeBack(past));
      return null;
    } catch (error) {
      log.warn('ledger_unavailable', { reason: String(error) });
      return fail(
        'ledger_unavailable',
        'Bindings this old are in the ledger only, and it is not answering. Try again later.',
      );
    }
  }

  session(id: string): Outcome<SessionDetail> {
    return this.#core.withSite((memory) => {
      const { store } = memory;
      const row = store.session(id);
      if (!row) return fail('session_not_found');
      return done({
        ...presentSession(row),
        visitor: row.visitor,
        touch: { url: row.landingPage, referrer: row.referrer },
        bindings: store.bindingsOfSession(row).slice(0, MOST_OF_SESSION).map(presentBinding),
        pageViews: store.pageViews(row).map(({ url, at }) => ({ url, at: rfc3339(at) })),
        telClicks: telClicksOf(memory, row),
        calls: store
          .callsOfSession(id)
          .slice(0, MOST_OF_SESSION)
          .map((call) => presentCall(memory, call)),
      });
    });
  }
}
