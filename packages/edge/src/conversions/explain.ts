import {
  type CallConversion,
  type ConversionCode,
  type DeliveryEvent,
  type DeliveryState,
  type EpochMs,
  rfc3339,
} from '@dialmark/shared';
import { type Change, isOfLead } from './change.ts';
import type { Known } from './integrations.ts';
import { occasionOf } from './occasion.ts';
import { eventsOf } from './plan.ts';
import { IS_OVER, type KeptBack, keptBack, keptBackNow } from './rules.ts';

/** A call, and the lead it belongs to, to be explained. */
export interface Explained {
  change: Extract<Change, { call: { id: string } }>;
  receivedAt: EpochMs;
  /** True if its latest change has not been processed yet: what is to be sent will be planned. */
  isNew: boolean;
  /** The lead of the call as conversions see it; null if it has none. */
  lead: Change | null;
}

/** A message as the log has it. */
export interface Logged {
  integration: string;
  event: DeliveryEvent;
  revision: number;
  state: DeliveryState;
  code: ConversionCode | null;
  error: string | null;
  /** When it is to be sent next, or its last result came. */
  nextAt: EpochMs;
  /** When the destination took it. */
  takenAt: EpochMs | null;
}

/** Says what an integration was sent about a call, or which rule kept it back, by the rules that decide it. */
export function explain(known: Known, it: Explained, logged: readonly Logged[], now: EpochMs): CallConversion {
  const { integration } = known;
  const wanted = eventsOf(integration.rules.on);
  const mine = logged.filter(({ event }) =>
    wanted.length === 0 ? !event.startsWith('lead.') : wanted.includes(event),
  );
  // A new value that waits does not undo that the conversion was sent.
  const message = mine.findLast(({ state, takenAt }) => state !== 'pending' || takenAt !== null) ?? mine.at(-1);
  const of = { integration: integration.id, kind: integration.kind };
  const answer = message ? byMessage(message, integration) : byRules(known, it, now);
  return { ...of, ...answer };
}

type Answer = Omit<CallConversion, 'integration' | 'kind'>;

function byMessage({ state, code, error, nextAt, takenAt }: Logged, integration: Known['integration']): Answer {
  if (takenAt !== null) return { state: 'sent', code: null, reason: error, at: rfc3339(takenAt) };
  if (state === 'pending') {
    // It would be refused when it is due.
    const kept = keptBackNow(integration);
    if (kept) return notSent(kept);
    return { state: 'scheduled', code: null, reason: error, at: rfc3339(nextAt) };
  }
  if (state === 'delivered') return { state: 'sent', code: null, reason: error, at: null };
  const cause = state === 'dead' ? 'undeliverable' : (code ?? 'rejected');
  return {
    state: NOT_TRIED.has(cause) ? 'not_sent' : 'failed',
    code: cause,
    reason: error,
    at: rfc3339(nextAt),
  };
}

/** Of messages that were planned and then held back by ourselves. */
const NOT_TRIED = new Set<ConversionCode>([
  'paused',
  'disabled',
  'deleted',
  'outside_window',
  'erased',
  'stage_not_reached',
]);

function byRules(known: Known, { change, lead, receivedAt, isNew }: Explained, now: EpochMs): Answer {
  const { integration } = known;
  const [event] = eventsOf(integration.rules.on);
  if (event !== undefined) {
    const occasion = lead && occasionOf(lead, event);
    const kept = keptBack({ ...known, change: lead ?? change, occasion, now }, 'over');
    return kept ? notSent(kept) : notSent(CHANGED);
  }
  const occasion = occasionOf(change, 'conversion', receivedAt);
  const isOver = IS_OVER[change.call.status];
  const kept = keptBack({ ...known, change, occasion, now }, isOver ? 'over' : 'ringing');
  if (kept) return notSent(kept);
  if (!isOver) return notSent({ code: 'not_over', reason: 'The call is not over yet.' });
  if (integration.kind === 'webhook' && !integration.events.includes('call.completed')) {
    return notSent({ code: 'event_not_wanted', reason: 'The integration does not subscribe to call.completed.' });
  }
  return isNew && !isOfLead(change)
    ? { state: 'scheduled', code: null, reason: 'It will be scheduled in a moment.', at: rfc3339(now) }
    : notSent(CHANGED);
}

const CHANGED: KeptBack = {
  code: 'changed_since',
  reason: 'The rules would allow it now, but did not when it came in.',
};

function notSent({ code, reason }: KeptBack): Answer {
  return { state: 'not_sent', code, reason, at: null };
}
