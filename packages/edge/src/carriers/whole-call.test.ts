import type { CarrierName } from '@dialmark/shared/wire/forwarding';
import { describe, expect, it } from 'vitest';
import { CALLER, EDGE, sent, TRACKING } from '../../test/carriers/fixtures.ts';
import { callLife } from '../calls/call-life.ts';
import type { CarrierEvent } from '../calls/events.ts';
import { adapterFor } from './carriers.ts';
import { writeNote } from './telnyx-note.ts';

/** The webhooks of one call as each carrier sends them: [endpoint and notes, body]. */
type Webhook = [where: string, body: Record<string, unknown>];
interface Story {
  answered: Webhook[];
  missed: Webhook[];
}

const at = (seconds: number) => new Date(Date.parse('2026-11-24T21:30:00Z') + seconds * 1000).toISOString();

const leg = (parent: string) => ({ CallSid: 'child', ParentCallSid: parent });
const call = { CallSid: 'CA1', From: CALLER, To: TRACKING };
const twiml: Story = {
  answered: [
    ['voice', { ...call, CallStatus: 'ringing', Timestamp: at(0) }],
    ['status', { ...leg('CA1'), CallStatus: 'ringing', Timestamp: at(2) }],
    ['status', { ...leg('CA1'), CallStatus: 'in-progress', Timestamp: at(10) }],
    ['status', { ...leg('CA1'), CallStatus: 'completed', CallDuration: '60', Timestamp: at(70) }],
    ['status?step=1', { ...call, CallStatus: 'in-progress', DialCallStatus: 'completed', DialCallDuration: '60' }],
    ['status', { ...call, CallStatus: 'completed', CallDuration: '71', Timestamp: at(71) }],
    ['status', { CallSid: 'CA1', RecordingSid: 'RE1', RecordingUrl: 'https://r.example/RE1', RecordingDuration: '60' }],
  ],
  missed: [
    ['voice', { ...call, CallStatus: 'ringing', Timestamp: at(0) }],
    ['status?step=1', { ...call, CallStatus: 'in-progress', DialCallStatus: 'no-answer', DialCallDuration: '0' }],
    ['status', { ...call, CallStatus: 'in-progress', DialCallStatus: 'canceled', DialCallSid: 'second' }],
    ['status', { ...call, CallStatus: 'completed', CallDuration: '45', Timestamp: at(45) }],
  ],
};

const plivo = { CallUUID: 'CA1', From: CALLER.slice(1), To: TRACKING.slice(1) };
const plivoLeg = { CallUUID: 'CA1', DialALegUUID: 'CA1', DialBLegUUID: 'b' };
const control = (event_type: string, seconds: number, payload: Record<string, unknown>) => ({
  data: {
    id: `${event_type}-${seconds}`,
    event_type,
    occurred_at: at(seconds),
    payload: { call_session_id: 'CA1', call_control_id: 'a', ...payload },
  },
});
const dialNote = (step: number | null) => ({
  client_state: writeNote({ leg: 'dial', step, parent: 'a', from: CALLER, to: TRACKING }),
});
const parties = { from: CALLER, to: TRACKING, direction: 'incoming' };
const vonage = { uuid: 'CA1', from: CALLER.slice(1), to: TRACKING.slice(1), direction: 'inbound' };
const vonageLeg = { uuid: 'b', from: TRACKING.slice(1), to: '14155550100', direction: 'outbound' };
const bandwidth = { callId: 'CA1', from: CALLER, to: TRACKING, direction: 'inbound', startTime: at(0) };
const bandwidthLeg = { callId: 'b', parentCallId: 'CA1', from: CALLER, to: '+14155550100', direction: 'outbound' };

const STORIES: [name: string, carrier: CarrierName, story: Story][] = [
  ['Twilio', 'twilio', twiml],
  ['SignalWire', 'signalwire', twiml],
  ['Telnyx TeXML', 'telnyx', twiml],
  [
    'Telnyx Call Control',
    'telnyx',
    {
      answered: [
        ['voice', control('call.initiated', 0, { ...parties, start_time: at(0) })],
        ['voice', control('call.answered', 1, parties)],
        ['status', control('call.initiated', 2, { ...dialNote(1), direction: 'outgoing' })],
        ['status', control('call.answered', 10, dialNote(1))],
        ['status', control('call.hangup', 70, { ...dialNote(1), hangup_cause: 'normal_clearing' })],
        ['voice', control('call.hangup', 71, { ...parties, start_time: at(0), hangup_cause: 'normal_clearing' })],
        ['status', control('call.recording.saved', 90, { recording_urls: { mp3: 'https://r.example/RE1' } })],
      ],
      missed: [
        ['voice', control('call.initiated', 0, { ...parties, start_time: at(0) })],
        ['voice', control('call.answered', 1, parties)],
        ['status', control('call.hangup', 31, { ...dialNote(1), hangup_cause: 'timeout' })],
        ['status', control('call.hangup', 44, { ...dialNote(null), hangup_cause: 'originator_cancel' })],
        ['voice', control('call.hangup', 45, { ...parties, start_time: at(0), hangup_cause: 'normal_clearing' })],
      ],
    },
  ],
  [
    'Plivo',
    'plivo',
    {
      answered: [
        ['voice', { ...plivo, CallStatus: 'ringing', SessionStart: at(0) }],
        ['status?call=CA1', { ...plivoLeg, DialAction: 'answer' }],
        ['status?call=CA1', { ...plivoLeg, DialAction: 'hangup', DialBLegDuration: '60' }],
        ['status?step=1', { ...plivo, ...plivoLeg, CallStatus: 'in-progress', DialStatus: 'completed' }],
        ['status', { ...plivo, CallStatus: 'completed', Duration: '71', EndTime: at(71) }],
        [
          'status?call=CA1',
          { CallUUID: 'CA1', RecordUrl: 'https://r.example/RE1', RecordingID: 'r', RecordingDuration: '60' },
        ],
      ],
      missed: [
        ['voice', { ...plivo, CallStatus: 'ringing', SessionStart: at(0) }],
        ['status?step=1', { ...plivo, CallStatus: 'in-progress', DialStatus: 'no-answer' }],
        ['status?call=CA1', { ...plivoLeg, DialAction: 'hangup', DialBLegDuration: '0' }],
        ['status', { ...plivo, CallStatus: 'completed', DialStatus: 'cancel' }],
        ['status', { ...plivo, CallStatus: 'completed', Duration: '45', EndTime: at(45) }],
      ],
    },
  ],
  [
    'Vonage',
    'vonage',
    {
      answered: [
        ['voice', vonage],
        ['status', { ...vonage, status: 'answered', timestamp: at(1), start_time: at(0) }],
        ['status?call=CA1&step=1', { ...vonageLeg, status: 'ringing', timestamp: at(2) }],
        ['status?call=CA1&step=1', { ...vonageLeg, status: 'answered', timestamp: at(10) }],
        ['status?call=CA1&step=1', { ...vonageLeg, status: 'completed', duration: '60', timestamp: at(70) }],
        ['status', { ...vonage, status: 'completed', duration: '71', timestamp: at(71), start_time: at(0) }],
        ['status?call=CA1', { recording_url: 'https://r.example/RE1', recording_uuid: 'r', timestamp: at(72) }],
      ],
      missed: [
        ['voice', vonage],
        ['status?call=CA1&step=1', { ...vonageLeg, status: 'timeout', timestamp: at(31) }],
        ['status?call=CA1', { ...vonageLeg, uuid: 'c', status: 'cancelled', timestamp: at(44) }],
        ['status', { ...vonage, status: 'completed', duration: '45', timestamp: at(45), start_time: at(0) }],
      ],
    },
  ],
  [
    'Bandwidth',
    'bandwidth',
    {
      answered: [
        ['voice', { ...bandwidth, eventType: 'initiate', eventTime: at(0) }],
        ['status?call=CA1', { ...bandwidthLeg, eventType: 'transferAnswer', eventTime: at(10) }],
        [
          'status?call=CA1',
          {
            ...bandwidthLeg,
            eventType: 'transferDisconnect',
            cause: 'hangup',
            eventTime: at(70),
            answerTime: at(10),
            endTime: at(70),
          },
        ],
        ['status?step=1', { ...bandwidth, eventType: 'transferComplete', cause: 'hangup', eventTime: at(70) }],
        [
          'status',
          {
            ...bandwidth,
            eventType: 'disconnect',
            cause: 'hangup',
            eventTime: at(71),
            answerTime: at(0),
            endTime: at(71),
          },
        ],
        [
          'status?call=CA1',
          {
            ...bandwidth,
            eventType: 'recordingAvailable',
            mediaUrl: 'https://r.example/RE1',
            recordingId: 'r',
            duration: 'PT60S',
          },
        ],
      ],
      missed: [
        ['voice', { ...bandwidth, eventType: 'initiate', eventTime: at(0) }],
        ['status?step=1', { ...bandwidth, eventType: 'transferComplete', cause: 'timeout', eventTime: at(31) }],
        ['status', { ...bandwidth, eventType: 'transferComplete', cause: 'cancel', eventTime: at(44) }],
        [
          'status?call=CA1',
          {
            ...bandwidthLeg,
            eventType: 'transferDisconnect',
            cause: 'cancel',
            eventTime: at(44),
            answerTime: null,
            endTime: at(44),
          },
        ],
        [
          'status',
          {
            ...bandwidth,
            eventType: 'disconnect',
            cause: 'hangup',
            eventTime: at(45),
            answerTime: at(0),
            endTime: at(45),
          },
        ],
      ],
    },
  ],
];

function eventsOf(carrier: CarrierName, webhooks: Webhook[]): CarrierEvent[] {
  return webhooks.map(([where, body]) => {
    const isForm = 'CallSid' in body || 'CallUUID' in body;
    const url = `${EDGE}/${carrier}/${where}`;
    const incoming = sent(isForm ? { url, form: body as Record<string, string> } : { url, json: body });
    const event = adapterFor(carrier, incoming).parse(incoming);
    if (!event) throw new Error(`not understood: ${where} ${JSON.stringify(body)}`);
    return event;
  });
}

describe.each(STORIES)('a whole call by %s', (_, carrier, { answered, missed }) => {
  it('is one call, of as many facts as there were webhooks', () => {
    for (const events of [eventsOf(carrier, answered), eventsOf(carrier, missed)]) {
      expect(new Set(events.map((event) => event.callId))).toEqual(new Set(['CA1']));
      expect(new Set(events.map((event) => event.eventId)).size).toBe(events.length);
    }
  });

  it('is completed, with the talk of the answered leg and its recording, in any order', () => {
    const events = eventsOf(carrier, answered);
    const recordingUrl = 'https://r.example/RE1';
    const expected = { status: 'completed', from: CALLER, to: TRACKING, durationSeconds: 60, recordingUrl };
    expect(callLife(events)).toMatchObject(expected);
    expect(callLife(events.toReversed())).toMatchObject(expected);
  });

  it('is in progress while they talk', () => {
    const events = eventsOf(carrier, answered);
    const pickedUp = events.findIndex(
      (event) => event.leg === 'dial' && 'status' in event && event.status === 'answered',
    );
    expect(callLife(events.slice(0, pickedUp + 1))?.status).toBe('in-progress');
  });

  it('is missed where two phones rang in vain, although the caller’s leg completed, in any order', () => {
    const events = eventsOf(carrier, missed);
    const expected = { status: 'missed', from: CALLER, to: TRACKING, durationSeconds: 0, recordingUrl: null };
    expect(callLife(events)).toMatchObject(expected);
    expect(callLife(events.toReversed())).toMatchObject(expected);
  });
});
