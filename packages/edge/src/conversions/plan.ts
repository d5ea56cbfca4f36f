import { type ConversionOn, DAY, type DeliveryEvent, type EpochMs, type Integration, MINUTE } from '@dialmark/shared';
import { amountOf } from './amount.ts';
import { type Change, isOfLead } from './change.ts';
import type { Known } from './integrations.ts';
import { EVENT_OF_STAGE, type Occasion, occasionOf, stageOf } from './occasion.ts';
import { IS_OVER, keptBack } from './rules.ts';

/** A call or a lead as it was read. */
export interface Reading {
  change: Change;
  /** Position in the log of changes: of two readings the later has the higher. */
  position: number;
  /** Hash of the fields that the destination would notice. */
  digest: string;
  /** When a call was first reported. */
  receivedAt?: EpochMs;
}

/** A message that was planned before. */
export interface Planned {
  event: DeliveryEvent;
  revision: number;
  position: number;
  digest: string;
  /** Value that was sent. */
  value: number | null;
  /** True if sending has begun: it says no more than it does. */
  isBegun: boolean;
}

/** A message to plan: one that was never planned, or one that waits and should say what is known by now. */
export interface Plan {
  event: DeliveryEvent;
  revision: number;
  value: number | null;
  /** Not before. */
  dueAt: EpochMs;
}

/** Time for which Google accepts new values of a conversion. */
const ADJUSTABLE_MS = 55 * DAY;

/**
 * Returns which messages a destination should get of a call or a lead as it is now. The same change twice plans the same
 * messages, so that repeating it is harmless, and a change older than what was planned from plans nothing.
 *
 * @param planned the messages this destination was planned of it before
 */
export function plansFor(known: Known, reading: Reading, planned: readonly Planned[], now: EpochMs): Plan[] {
  const { integration } = known;
  const { change } = reading;
  if (isOfLead(change)) {
    return leadEvents(integration).flatMap((event) => conversion(known, event, reading, planned, now) ?? []);
  }
  if (integration.rules.on !== 'call') return [];
  const plan =
    integration.kind === 'webhook'
      ? callEvent(known, reading, planned, now)
      : IS_OVER[change.call.status]
        ? conversion(known, 'conversion', reading, planned, now)
        : null;
  return plan ? [plan] : [];
}

/** The event of the stage that an integration waits for; webhooks may name more. */
function leadEvents(integration: Integration): DeliveryEvent[] {
  const named = integration.kind === 'webhook' ? integration.events.filter((event) => event.startsWith('lead.')) : [];
  return [...new Set([...eventsOf(integration.rules.on), ...named])];
}

/** Returns the event that an integration for leads sends. */
export function eventsOf(on: ConversionOn): DeliveryEvent[] {
  const stage = stageOf(on);
  return stage === null ? [] : [EVENT_OF_STAGE[stage]];
}

/** Plans a conversion once, and again only if its value changes and the destination accepts that. */
function conversion(
  known: Known,
  event: DeliveryEvent,
  { change, position, receivedAt }: Reading,
  planned: readonly Planned[],
  now: EpochMs,
): Plan | null {
  const { integration } = known;
  const occasion = occasionOf(change, event, receivedAt);
  const value = occasion && integration.kind !== 'webhook' ? amountOf(occasion, integration) : null;
  const last = latest(planned.filter((each) => each.event === event));
  const dueAt = occasion ? dueFor(integration, occasion, now) : now;
  if (last === null) {
    const isKept = keptBack({ ...known, change, occasion, now }, 'over') !== null;
    return isKept ? null : { event, revision: 0, value, dueAt };
  }
  const isNewValue = last.isBegun && last.position < position && value !== null && value !== last.value;
  if (isNewValue && occasion && takesNewValues(integration, occasion, now)) {
    const isOff = keptBack({ ...known, change, occasion, now }, 'always') !== null;
    return isOff ? null : { event, revision: last.revision + 1, value, dueAt };
  }
  // Sent already, perhaps by a run that ended before the message was on its way; or it waits, and takes what is new.
  return { event, revision: last.revision, value, dueAt };
}

function dueFor(integration: Integration, { at }: Occasion, now: EpochMs): EpochMs {
  return integration.kind === 'webhook' ? now : (Math.max(now, at + integration.delayMinutes * MINUTE) as EpochMs);
}

function takesNewValues(integration: Integration, { at }: Occasion, now: EpochMs): boolean {
  const adjusts = integration.kind === 'google_data_manager' && integration.adjust && integration.calls !== 'from_ads';
  return adjusts && now - at <= ADJUSTABLE_MS;
}

/** Plans the webhooks about a call: as it rings, when it is over, and whenever something of it changed afterwards. */
function callEvent(
  known: Known & { integration: Integration },
  { change, position, digest, receivedAt }: Reading,
  planned: readonly Planned[],
  now: EpochMs,
): Plan | null {
  const { integration } = known;
  if (integration.kind !== 'webhook' || isOfLead(change)) return null;
  const wants = (event: DeliveryEvent) => (integration.events as DeliveryEvent[]).includes(event);
  const occasion = occasionOf(change, 'call.completed', receivedAt);
  const passes = (from: 'always' | 'ringing' | 'over') => keptBack({ ...known, change, occasion, now }, from) === null;
  const plan = (event: DeliveryEvent, revision: number): Plan => ({ event, revision, value: null, dueAt: now });

  const ofCall = planned.filter(({ event }) => event.startsWith('call.'));
  if (change.call.status === 'ringing') {
    const fresh = ofCall.length === 0 || ofCall.some(({ event }) => event === 'call.ringing');
    return wants('call.ringing') && fresh && passes('ringing') ? plan('call.ringing', 0) : null;
  }
  if (!IS_OVER[change.call.status]) return null;

  const sent = latest(ofCall.filter(({ event }) => event !== 'call.ringing'));
  if (sent === null) return wants('call.completed') && passes('over') ? plan('call.completed', 0) : null;
  if (!passes('always')) return null;
  // Sent already, perhaps by a run that ended before the message was on its way.
  if (sent.digest === digest) return plan(sent.event, sent.revision);
  if (sent.position >= position || !wants('call.updated')) return null;
  return plan('call.updated', sent.revision + 1);
}

function latest(planned: readonly Planned[]): Planned | null {
  return planned.reduce<Planned | null>((last, next) => (last && last.revision > next.revision ? last : next), null);
}

/** The fields of a call or a lead that a destination would notice: a change of anything else is no change. */
export function noticeable(change: Change): unknown[] {
  const { call } = change;
  const ofLead = isOfLead(change) ? [change.lead] : [];
  if (call === null) return ofLead;
  const { match, binding, session, visitor } = call.attribution;
  return [
    call.from,
    call.to,
    call.target,
    call.startedAt,
    call.status,
    call.durationSeconds,
    call.value,
    call.firstTime,
    call.spam,
    call.tags,
    call.recordingUrl,
    match,
    binding?.id ?? null,
    session?.id ?? null,
    visitor?.id ?? null,
    ...ofLead,
  ];
}
