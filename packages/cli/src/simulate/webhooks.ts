import { randomBytes, randomUUID } from 'node:crypto';
import type { CarrierName } from '@dialmark/shared/wire/forwarding';

/** A call to report as a carrier would. */
export interface SimulatedCall {
  id: string;
  from: string;
  to: string;
  startedAt: Date;
  /** 0: nobody picked up. */
  talkSeconds: number;
}

/** One request of a carrier: a form or JSON. */
export interface Webhook {
  endpoint: 'voice' | 'status';
  /** The notes that our own answer put into the address. */
  query?: Record<string, string>;
  form?: Record<string, string>;
  json?: Record<string, unknown>;
}

const RING_SECONDS = 8;

/** Returns a call id as the carrier makes them. */
export function newCallId(carrier: CarrierName): string {
  if (carrier === 'twilio') return `CA${randomBytes(16).toString('hex')}`;
  if (carrier === 'telnyx') return `v3:${randomBytes(24).toString('base64url')}`;
  if (carrier === 'bandwidth') return `c-${randomUUID()}`;
  return randomUUID();
}

/**
 * Returns the webhooks of a call that one phone answered, or rang in vain, in order: it comes in, the dial ends, it is over.
 * Fields as on each carrier's page in docs/carriers.
 */
export function webhooksOf(carrier: CarrierName, call: SimulatedCall): Webhook[] {
  if (carrier === 'plivo') return plivo(call);
  if (carrier === 'vonage') return vonage(call);
  if (carrier === 'bandwidth') return bandwidth(call);
  return twiml(call);
}

const after = ({ startedAt }: SimulatedCall, seconds: number) =>
  new Date(startedAt.getTime() + seconds * 1000).toISOString();
const endOf = (call: SimulatedCall) => RING_SECONDS + call.talkSeconds;

/** Twilio, SignalWire, and Telnyx with TeXML. */
function twiml(call: SimulatedCall): Webhook[] {
  const { id, from, to, talkSeconds } = call;
  const common = { CallSid: id, AccountSid: 'simulated', From: from, To: to, Direction: 'inbound' };
  const answered = talkSeconds > 0;
  return [
    { endpoint: 'voice', form: { ...common, CallStatus: 'ringing', Timestamp: after(call, 0) } },
    {
      endpoint: 'status',
      query: { step: '1' },
      form: {
        ...common,
        CallStatus: 'in-progress',
        DialCallStatus: answered ? 'completed' : 'no-answer',
        DialCallDuration: String(talkSeconds),
      },
    },
    {
      endpoint: 'status',
      form: {
        ...common,
        CallStatus: 'completed',
        CallDuration: String(endOf(call)),
        Timestamp: after(call, endOf(call)),
      },
    },
  ];
}

function plivo(call: SimulatedCall): Webhook[] {
  const { id, talkSeconds } = call;
  const common = { CallUUID: id, From: call.from.slice(1), To: call.to.slice(1), Direction: 'inbound' };
  const leg = { CallUUID: id, DialALegUUID: id, DialBLegUUID: `${id}-b` };
  const answered = talkSeconds > 0;
  return [
    { endpoint: 'voice', form: { ...common, CallStatus: 'ringing', SessionStart: after(call, 0) } },
    {
      endpoint: 'status',
      query: { call: id },
      form: { ...leg, DialAction: 'hangup', DialBLegDuration: String(talkSeconds) },
    },
    {
      endpoint: 'status',
      query: { step: '1' },
      form: { ...common, ...leg, CallStatus: 'in-progress', DialStatus: answered ? 'completed' : 'no-answer' },
    },
    {
      endpoint: 'status',
      form: { ...common, CallStatus: 'completed', Duration: String(endOf(call)), EndTime: after(call, endOf(call)) },
    },
  ];
}

function vonage(call: SimulatedCall): Webhook[] {
  const { id, talkSeconds } = call;
  const common = { uuid: id, from: call.from.slice(1), to: call.to.slice(1), direction: 'inbound' };
  const leg = { uuid: `${id}-b`, from: call.to.slice(1), to: '0', direction: 'outbound' };
  const query = { call: id, step: '1' };
  const answered: Webhook[] = [
    { endpoint: 'status', query, json: { ...leg, status: 'answered', timestamp: after(call, RING_SECONDS) } },
    {
      endpoint: 'status',
      query,
      json: { ...leg, status: 'completed', duration: String(talkSeconds), timestamp: after(call, endOf(call)) },
    },
  ];
  const missed: Webhook[] = [
    { endpoint: 'status', query, json: { ...leg, status: 'timeout', timestamp: after(call, endOf(call)) } },
  ];
  return [
    { endpoint: 'voice', json: common },
    ...(talkSeconds > 0 ? answered : missed),
    {
      endpoint: 'status',
      json: {
        ...common,
        status: 'completed',
        duration: String(endOf(call)),
        start_time: after(call, 0),
        timestamp: after(call, endOf(call)),
      },
    },
  ];
}

function bandwidth(call: SimulatedCall): Webhook[] {
  const { id, talkSeconds } = call;
  const common = { callId: id, from: call.from, to: call.to, direction: 'inbound', startTime: after(call, 0) };
  const answered = talkSeconds > 0;
  return [
    { endpoint: 'voice', json: { ...common, eventType: 'initiate', eventTime: after(call, 0) } },
    {
      endpoint: 'status',
      query: { call: id },
      json: {
        callId: `${id}-b`,
        parentCallId: id,
        from: call.from,
        to: call.to,
        direction: 'outbound',
        eventType: 'transferDisconnect',
        cause: answered ? 'hangup' : 'timeout',
        answerTime: answered ? after(call, RING_SECONDS) : null,
        endTime: after(call, endOf(call)),
        eventTime: after(call, endOf(call)),
      },
    },
    {
      endpoint: 'status',
      query: { step: '1' },
      json: {
        ...common,
        eventType: 'transferComplete',
        cause: answered ? 'hangup' : 'timeout',
        eventTime: after(call, endOf(call)),
      },
    },
    {
      endpoint: 'status',
      json: {
        ...common,
        eventType: 'disconnect',
        cause: 'hangup',
        answerTime: after(call, 0),
        endTime: after(call, endOf(call)),
        eventTime: after(call, endOf(call)),
      },
    },
  ];
}
