import type { Call, ConversionOn, DeliveryEvent, EpochMs, LeadEventType } from '@dialmark/shared';
import { type Change, isOfLead, type LeadChange, type LeadStage } from './change.ts';

/** Subject of a conversion: a call, or a lead that reached a stage. Destinations are written against this. */
export interface Occasion {
  /**
   * The id by which platforms recognize a repeated conversion. Not an integration's own: a recreated one counts nothing
   * twice.
   */
  name: string;
  at: EpochMs;
  /** When it was first reported. */
  receivedAt: EpochMs;
  phone: string | null;
  email: string | null;
  value: number | null;
  visitor: string | null;
  source: string | null;
  channel: string | null;
  call: Call | null;
  lead: { id: string; stage: LeadStage } | null;
}

export const EVENT_OF_STAGE: Record<LeadStage, LeadEventType> = {
  new: 'lead.created',
  qualified: 'lead.qualified',
  booked: 'lead.booked',
  won: 'lead.won',
  lost: 'lead.lost',
};

const STAGE_OF_EVENT = new Map(Object.entries(EVENT_OF_STAGE).map(([stage, event]) => [event, stage as LeadStage]));

/** Returns the stage that an integration waits for; null if it waits for calls. */
export function stageOf(on: ConversionOn): LeadStage | null {
  if (on === 'call') return null;
  return on === 'lead' ? 'new' : on;
}

/** Returns what a message of this event is of; null of a lead that has not come so far. */
export function occasionOf(change: Change, event: DeliveryEvent, receivedAt?: EpochMs): Occasion | null {
  if (!isOfLead(change)) return ofCall(change.call, receivedAt);
  const stage = STAGE_OF_EVENT.get(event as LeadEventType);
  return stage === undefined ? null : ofLead(change, stage);
}

function ofCall(call: Call, receivedAt?: EpochMs): Occasion {
  const { touch, visitor } = call.attribution;
  const at = Date.parse(call.startedAt) as EpochMs;
  return {
    name: call.id,
    at,
    receivedAt: receivedAt ?? at,
    phone: call.from,
    email: null,
    value: call.value,
    visitor: visitor?.id ?? null,
    source: touch?.source ?? null,
    channel: touch?.channel ?? null,
    call,
    lead: null,
  };
}

function ofLead({ lead, call }: LeadChange, stage: LeadStage): Occasion | null {
  const reached = reachedBy(lead.stages, stage);
  if (!reached) return null;
  const at = Date.parse(reached.at) as EpochMs;
  return {
    name: `${lead.id}_${stage}`,
    at,
    receivedAt: reached.receivedAt === undefined ? at : (Date.parse(reached.receivedAt) as EpochMs),
    phone: lead.phone,
    email: lead.email,
    value: lead.value,
    visitor: lead.visitor,
    source: lead.touch?.source ?? null,
    channel: lead.touch?.channel ?? null,
    call,
    lead: { id: lead.id, stage },
  };
}

const ORDER: Record<LeadStage, number> = { new: 0, qualified: 1, booked: 2, won: 3, lost: -1 };

/**
 * Returns the fact by which a lead reached a stage. A job that was won was qualified, though nobody said so: a later stage
 * stands for those before it, and the earliest of them counts. `lost` stands for itself alone.
 */
function reachedBy(stages: LeadChange['lead']['stages'], wanted: LeadStage) {
  return stages
    .filter(({ stage }) => stage === wanted || (wanted !== 'lost' && ORDER[stage] > ORDER[wanted]))
    .reduce<(typeof stages)[number] | null>((first, next) => (first && first.at <= next.at ? first : next), null);
}
