import {
  type Attribution,
  type Call,
  type CallPatch,
  type CallReport,
  type E164,
  type EpochMs,
  rfc3339,
  SECOND,
  type SessionDetail,
} from '@dialmark/shared';
import type { CarrierName } from '@dialmark/shared/wire/forwarding';
import type { CallPlan } from '../../calls/call-plan.ts';
import { keptCaller, keptEvent } from '../../calls/caller-hash.ts';
import { isInFuture } from '../../calls/events.ts';
import type { CheckedWebhook, LastKnown } from '../../calls/last-known.ts';
import { MOST_OF_SESSION } from '../../ledger/read/visits.ts';
import { ledgerOf } from '../../ledger/remote-ledger.ts';
import { log } from '../../platform/log.ts';
import { done, type Failure, fail, type Outcome, unknownSite } from '../../platform/result.ts';
import type { PoolCore } from '../core.ts';
import { logIsCompleteSince } from '../maintenance.ts';
import type { Redirect } from '../shards/layout.ts';
import type { Memory } from '../store/memory.ts';
import { pageViews } from '../store/page-views.ts';
import { patchCall, reportCall, takeEvent } from './calls.ts';
import { asKept } from './past-bindings.ts';
import { attributionAt, presentBinding, presentCall, presentSession, telClicksOf } from './present.ts';

const unknownCall = fail('call_not_found');

/** Tells whether a call comes from one of the site's own phones. */
const isOwn = ({ site }: Memory, caller: E164 | null) => caller !== null && site.ownPhones.includes(caller);

/** A pool's answer to a webhook. */
export interface TakenWebhook {
  /** False if it has to be checked again, with the secrets in `lastKnown`. */
  recorded: boolean;
  /** Plan for the call; null if the webhook says nothing of one. */
  plan: CallPlan | null;
  /** Facts of the site for the isolate to remember; null if it does already. */
  lastKnown: LastKnown | null;
}

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
    if (isInFuture(startedAt, Date.now() as EpochMs)) {
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
        core.counters.noteCall(Date.now() as EpochMs);
        // Fixed by the first report.
        const test = (created && call.test) || isOwn(memory, call.from);
        return reportCall(memory, { ...call, from, test }, carrier);
      });
      return done({ call: presentCall(memory, row), created });
    });
  }

  /**
   * Records a webhook that its carrier made, and returns what is to happen to the call. Records nothing and asks for
   * another check if the Worker checked it with other secrets than the site has now.
   *
   * @param versions of the configuration that the isolate remembers
   */
  async takeWebhook(webhook: CheckedWebhook, versions: string[]): Promise<Outcome<TakenWebhook> | Redirect> {
    const core = this.#core;
    const { carrier, event, number, receivedAt, checked } = webhook;
    const here = this.#withNumber(number, done);
    if ('redirect' in here || here.error) return here;
    const current = core.secrets.encrypted()[carrier];
    const isCurrent = checked?.with === current;
    if (current === undefined || (isCurrent && checked?.result === 'unreadable')) {
      return this.#reject(carrier, 'not_configured', receivedAt);
    }
    if (!isCurrent) {
      return done({ recorded: false, plan: null, lastKnown: core.secrets.changedSince(here.value, []) });
    }
    if (checked?.result !== 'genuine') return this.#reject(carrier, 'signature', receivedAt);
    core.lastSeen.note(carrier, 'webhook', receivedAt);
    core.counters.webhook(carrier, 'accepted');
    core.counters.noteCall(receivedAt);
    const kept = event && (await keptEvent(here.value.site, core.env.WORKER_KEY, event));
    return core.changeInGroup(() =>
      this.#withNumber(number, (memory) => {
        // Unless they were changed meanwhile.
        if (checked.renewed !== null && core.secrets.encrypted()[carrier] === checked.with) {
          core.secrets.apply({ [carrier]: checked.renewed });
        }
        const plan = kept && takeEvent(memory, kept, webhook.test || isOwn(memory, event?.from ?? null));
        return done({ recorded: true, plan, lastKnown: core.secrets.changedSince(memory, versions) });
      }),
    );
  }

  /** Answers for the number of a webhook, which may name none. */
  #withNumber<T>(number: string | null, answer: (memory: Memory) => Outcome<T>): Outcome<T> | Redirect {
    return number === null ? this.#core.withSite(answer) : this.#core.withNumber(number, answer);
  }

  /** Rejects a webhook for good, and notes why for the person who sets the carrier up. */
  #reject(carrier: CarrierName, reason: 'not_configured' | 'signature', receivedAt: EpochMs): { error: Failure } {
    const core = this.#core;
    core.lastSeen.note(carrier, reason, receivedAt);
    core.counters.webhook(carrier, reason === 'signature' ? 'badSignature' : 'unconfigured');
    core.saveCountsLater();
    return fail(reason === 'signature' ? 'signature_invalid' : 'carrier_not_configured');
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

  /** Deletes a test call; others stay. */
  delete(id: string): Outcome<null> {
    return this.#core.withSite((memory) => {
      const row = memory.store.call(id);
      if (!row) return unknownCall;
      if (!row.test) return fail('not_a_test_call');
      this.#core.change(() => memory.store.calls.delete(id));
      return done(null);
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
      const past = await ledgerOf(core.env, core.memory.site.id).log.pastBindings(number, at);
      if (core.memory) core.change(() => core.store.takeBack(asKept(past)));
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
        bindings: store.bindings.ofSession(row).slice(0, MOST_OF_SESSION).map(presentBinding),
        pageViews: pageViews(row.views, row).map(({ url, at }) => ({ url, at: rfc3339(at) })),
        telClicks: telClicksOf(memory, row),
        calls: store.calls
          .ofSession(id)
          .slice(0, MOST_OF_SESSION)
          .map((call) => presentCall(memory, call)),
      });
    });
  }
}
