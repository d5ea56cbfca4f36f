import { type Answered, type Asked, basic, serveStrictly } from './strict-server.ts';

export const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
export const AUTH_TOKEN = 'fedcba9876543210fedcba9876543210';
const LIST = `/2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers.json`;
const ONE = new RegExp(`^/2010-04-01/Accounts/${ACCOUNT}/IncomingPhoneNumbers/(PN[0-9a-f]{32})\\.json$`);

/** As documented for the update of an IncomingPhoneNumber; every other name is refused. */
const FIELDS: Record<string, RegExp> = {
  VoiceUrl: /^https?:\/\//,
  VoiceMethod: /^(GET|POST)$/,
  StatusCallback: /^https?:\/\//,
  StatusCallbackMethod: /^(GET|POST)$/,
};

export interface TwilioNumber {
  sid: string;
  phone_number: string;
  voice_url: string;
  status_callback?: string;
  voice_application_sid: string | null;
  trunk_sid: string | null;
  capabilities: { voice: boolean };
}

export const twilioNumber = (number: string, more: Partial<TwilioNumber> = {}): TwilioNumber => ({
  sid: `PN${number.slice(1).padStart(32, '0')}`,
  phone_number: number,
  voice_url: 'https://demo.twilio.com/welcome/voice/',
  voice_application_sid: null,
  trunk_sid: null,
  capabilities: { voice: true },
  ...more,
});

const refuse = (status: number, message: string): Answered => ({ status, json: { code: 20001, message, status } });

/**
 * Twilio's IncomingPhoneNumbers as its reference describes them, refusing whatever is not in it. Pages hold two, so that
 * there are several, whatever size is asked for.
 * https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export function serveTwilio(numbers: TwilioNumber[]) {
  return serveStrictly((asked) => {
    if (asked.headers.authorization !== basic(ACCOUNT, AUTH_TOKEN)) return refuse(401, 'Authenticate');
    if (asked.path === LIST) return list(asked, numbers);
    const number = numbers.find(({ sid }) => sid === ONE.exec(asked.path)?.[1]);
    return number ? update(asked, number) : refuse(404, `The requested resource ${asked.path} was not found`);
  });
}

function list({ method, query, body }: Asked, numbers: TwilioNumber[]): Answered {
  if (method !== 'GET') return refuse(405, 'Method not allowed');
  if (body !== '') return refuse(400, 'A GET has no body');
  const unknown = Object.keys(query).find((name) => !['PageSize', 'Page', 'PageToken'].includes(name));
  if (unknown) return refuse(400, `No such parameter: ${unknown}`);
  const size = Number(query.PageSize ?? 50);
  if (!(size >= 1 && size <= 1000)) return refuse(400, 'PageSize is from 1 to 1000');
  const page = Number(query.Page ?? 0);
  if (page > 0 && query.PageToken !== `PA${page}`) return refuse(400, 'Page needs its PageToken');
  const more = (page + 1) * 2 < numbers.length;
  return {
    status: 200,
    json: {
      incoming_phone_numbers: numbers.slice(page * 2, page * 2 + 2),
      page,
      page_size: size,
      uri: LIST,
      next_page_uri: more ? `${LIST}?PageSize=${size}&Page=${page + 1}&PageToken=PA${page + 1}` : null,
    },
  };
}

function update({ method, headers, body }: Asked, number: TwilioNumber): Answered {
  if (method !== 'POST') return refuse(405, 'Method not allowed');
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) return refuse(415, 'Send a form');
  for (const [name, value] of new URLSearchParams(body)) {
    if (!FIELDS[name]) return refuse(400, `No such parameter: ${name}`);
    if (!FIELDS[name].test(value)) return refuse(400, `${name} is not valid: ${value}`);
    if (name === 'VoiceUrl') number.voice_url = value;
    if (name === 'StatusCallback') number.status_callback = value;
  }
  return { status: 200, json: number };
}
