import type { CarrierName } from '@dialmark/shared/wire/forwarding';
import type { Fields } from './carrier-signers.ts';

/** The id of a call, its caller and the number dialed. */
export interface Dialled {
  call: string;
  from: string;
  to: string;
}

/** A later webhook of a call: to the status address, or to one that our own answer handed out. */
export type Later = [where: string, fields: Fields];

export interface Story {
  /** The webhook of the incoming call. */
  incoming(dialled: Dialled): Fields;
  /** A minute's talk, from our answer on. */
  answered(dialled: Dialled, answer: string, status: string): Later[];
}

const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const bare = (number: string) => number.slice(1);

/** Returns an address in an attribute of an XML answer. */
function attribute(answer: string, name: string): string {
  return (new RegExp(`${name}="([^"]+)"`).exec(answer)?.[1] ?? '').replaceAll('&amp;', '&');
}

const twiml: Story = {
  incoming: ({ call, from, to }) => ({ CallSid: call, From: from, To: to, CallStatus: 'ringing' }),
  answered({ call, from, to }, answer, status) {
    const parent = { CallSid: call, From: from, To: to };
    const leg = attribute(answer, 'statusCallback');
    return [
      [leg, { CallSid: `${call}b`, CallStatus: 'ringing', Timestamp: at(1) }],
      [leg, { CallSid: `${call}b`, CallStatus: 'in-progress', Timestamp: at(5) }],
      [leg, { CallSid: `${call}b`, CallStatus: 'completed', CallDuration: '60', Timestamp: at(65) }],
      [
        attribute(answer, 'action'),
        { ...parent, CallStatus: 'in-progress', DialCallStatus: 'completed', DialCallDuration: '60' },
      ],
      [status, { ...parent, CallStatus: 'completed', CallDuration: '66', Timestamp: at(66) }],
    ];
  },
};

export const STORIES: Record<CarrierName, Story> = {
  twilio: twiml,
  signalwire: twiml,
  telnyx: twiml,
  plivo: {
    incoming: ({ call, from, to }) => ({ CallUUID: call, From: bare(from), To: bare(to), CallStatus: 'ringing' }),
    answered({ call, from, to }, answer, status) {
      const parent = { CallUUID: call, From: bare(from), To: bare(to) };
      const leg = { CallUUID: call, DialALegUUID: call, DialBLegUUID: `${call}b` };
      return [
        [attribute(answer, 'callbackUrl'), { ...leg, DialAction: 'answer' }],
        [attribute(answer, 'callbackUrl'), { ...leg, DialAction: 'hangup', DialBLegDuration: '60' }],
        [attribute(answer, 'action'), { ...parent, ...leg, CallStatus: 'in-progress', DialStatus: 'completed' }],
        [status, { ...parent, CallStatus: 'completed', Duration: '66', EndTime: at(66) }],
      ];
    },
  },
  vonage: {
    incoming: ({ call, from, to }) => ({
      uuid: call,
      from: bare(from),
      to: bare(to),
      conversation_uuid: `CON-${call}`,
    }),
    answered({ call, from, to }, answer, status) {
      const ncco = JSON.parse(answer) as { action: string; eventUrl?: string[] }[];
      const event = ncco.find(({ action }) => action === 'connect')?.eventUrl?.[0] ?? '';
      const parent = { uuid: call, from: bare(from), to: bare(to), direction: 'inbound' };
      const leg = { uuid: `${call}b`, from: bare(to), to: '14155550100', direction: 'outbound' };
      return [
        [event, { ...leg, status: 'ringing', timestamp: at(1) }],
        [event, { ...leg, status: 'answered', timestamp: at(5) }],
        [event, { ...leg, status: 'completed', duration: '60', timestamp: at(65) }],
        [status, { ...parent, status: 'completed', duration: '66', timestamp: at(66) }],
      ];
    },
  },
  bandwidth: {
    incoming: ({ call, from, to }) => ({
      ...{ eventType: 'initiate', eventTime: at(0), startTime: at(0), direction: 'inbound' },
      ...{ callId: call, from, to },
    }),
    answered({ call, from, to }, answer, status) {
      const parent = { callId: call, from, to, direction: 'inbound' };
      const leg = { callId: `${call}b`, parentCallId: call, direction: 'outbound', cause: 'hangup' };
      return [
        [attribute(answer, 'transferAnswerUrl'), { ...leg, eventType: 'transferAnswer', eventTime: at(5) }],
        [
          attribute(answer, 'transferDisconnectUrl'),
          { ...leg, eventType: 'transferDisconnect', eventTime: at(65), answerTime: at(5), endTime: at(65) },
        ],
        [
          attribute(answer, 'transferCompleteUrl'),
          { ...parent, eventType: 'transferComplete', cause: 'hangup', eventTime: at(65) },
        ],
        [
          status,
          {
            ...parent,
            eventType: 'disconnect',
            cause: 'hangup',
            eventTime: at(66),
            answerTime: at(1),
            endTime: at(66),
          },
        ],
      ];
    },
  },
};
