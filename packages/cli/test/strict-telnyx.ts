import { type Answered, type Asked, serveStrictly } from './strict-server.ts';

export const API_KEY = 'KEY0123456789_secret';

/** As documented for creating and updating a TeXML application; every other name is refused. */
const APPLICATION_FIELDS = [
  'friendly_name',
  'voice_url',
  'voice_method',
  'status_callback',
  'status_callback_method',
  'voice_fallback_url',
  'active',
];

export interface TelnyxNumber {
  id: string;
  phone_number: string;
  status: string;
  connection_id: string | null;
  connection_name: string | null;
}
export interface TelnyxApplication extends Record<string, unknown> {
  id: string;
  voice_url: string;
}

export const telnyxNumber = (number: string, more: Partial<TelnyxNumber> = {}): TelnyxNumber => ({
  id: `12933842610${number.slice(-8)}`,
  phone_number: number,
  status: 'active',
  connection_id: null,
  connection_name: null,
  ...more,
});

const refuse = (status: number, detail: string): Answered => ({
  status,
  json: { errors: [{ code: String(status), title: 'Refused', detail }] },
});

/**
 * Telnyx's phone numbers and TeXML applications as its reference describes them, refusing whatever is not in it. Pages
 * hold two, whatever size is asked for.
 * https://developers.telnyx.com/api-reference/phone-number-configurations, …/texml-applications
 */
export function serveTelnyx(numbers: TelnyxNumber[], applications: TelnyxApplication[]) {
  return serveStrictly((asked) => {
    if (asked.headers.authorization !== `Bearer ${API_KEY}`) return refuse(401, 'The API key looks malformed.');
    const [, version, resource, id, beyond] = asked.path.split('/');
    if (version !== 'v2' || beyond !== undefined) return refuse(404, 'Not found');
    if (resource === 'phone_numbers') {
      if (id === undefined) return list(asked, numbers);
      return change(
        asked,
        numbers.find((number) => number.id === id),
        ['connection_id'],
      );
    }
    if (resource !== 'texml_applications') return refuse(404, 'Not found');
    if (id !== undefined)
      return change(
        asked,
        applications.find((known) => known.id === id),
        APPLICATION_FIELDS,
      );
    return asked.method === 'POST' ? create(asked, applications) : list(asked, applications);
  });
}

function list({ method, query, body }: Asked, all: object[]): Answered {
  if (method !== 'GET') return refuse(405, 'Method not allowed');
  if (body !== '') return refuse(400, 'A GET has no body');
  const unknown = Object.keys(query).find((name) => name !== 'page[number]' && name !== 'page[size]');
  if (unknown) return refuse(400, `No such parameter: ${unknown}`);
  const page = Number(query['page[number]'] ?? 1);
  const size = Number(query['page[size]'] ?? 20);
  if (!(size >= 1 && size <= 250)) return refuse(400, 'page[size] is from 1 to 250');
  return {
    status: 200,
    json: {
      data: all.slice((page - 1) * 2, page * 2),
      meta: { page_number: page, page_size: 2, total_pages: Math.ceil(all.length / 2), total_results: all.length },
    },
  };
}

function create(asked: Asked, applications: TelnyxApplication[]): Answered {
  const made = { id: `18${applications.length}` } as TelnyxApplication;
  const answered = change({ ...asked, method: 'PATCH' }, made, APPLICATION_FIELDS);
  if (answered.status !== 200) return answered;
  if (!made.friendly_name || !made.voice_url) return refuse(422, 'friendly_name and voice_url are required');
  applications.push(made);
  return { ...answered, status: 201 };
}

function change({ method, headers, body }: Asked, known: object | undefined, fields: string[]): Answered {
  if (!known) return refuse(404, 'The requested resource or URL could not be found.');
  if (method !== 'PATCH') return refuse(405, 'Method not allowed');
  if (!headers['content-type']?.startsWith('application/json')) return refuse(415, 'Send JSON');
  const settings = JSON.parse(body) as Record<string, unknown>;
  const unknown = Object.keys(settings).find((name) => !fields.includes(name));
  if (unknown) return refuse(422, `Unknown field: ${unknown}`);
  for (const name of ['voice_method', 'status_callback_method']) {
    if (settings[name] !== undefined && !['get', 'post'].includes(settings[name] as string)) {
      return refuse(422, `${name} is get or post`);
    }
  }
  Object.assign(known, settings);
  return { status: 200, json: { data: known } };
}
