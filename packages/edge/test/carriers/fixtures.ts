import type { E164, EpochMs } from '@dialmark/shared';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { CallPlan } from '../../src/calls/call-plan.ts';
import type { Answer } from '../../src/carriers/carrier.ts';
import { type Incoming, readIncoming } from '../../src/carriers/incoming.ts';

/** Shared by the carriers' tests: requests as carriers send them, plans, and a reader of XML answers. */

export const EDGE = 'https://edge.acme.example/v1/sites/acme/carriers';
export const NOW = Date.parse('2026-11-24T21:30:00Z') as EpochMs;
export const CALLER = '+12125550199' as E164;
export const TRACKING = '+14155550132' as E164;
export const DESTINATION = '+14155550100' as E164;
export const OVERFLOW = '+14155550111' as E164;

interface Sent {
  method?: string;
  url: string;
  headers?: Record<string, string>;
  form?: Record<string, string | string[]>;
  json?: unknown;
  rawBody?: string;
  receivedAt?: EpochMs;
  publicBaseUrl?: string;
}

/** Returns a request as the Worker receives it; `form` and `json` write the body and its content type. */
export function sent({
  method = 'POST',
  url,
  headers = {},
  form,
  json,
  rawBody,
  receivedAt = NOW,
  ...rest
}: Sent): Incoming {
  const type = form ? 'application/x-www-form-urlencoded' : json !== undefined ? 'application/json' : null;
  return readIncoming({
    method,
    url,
    headers: new Headers({ ...(type ? { 'content-type': type } : {}), ...headers }),
    rawBody: rawBody ?? (form ? formText(form) : json !== undefined ? JSON.stringify(json) : ''),
    receivedAt,
    ...rest,
  });
}

/** Returns what arrives of a GET to an address as it was typed: parsed as a URL, its credentials in a header of their own. */
export function typedGet(typed: string, headers: Record<string, string>): Parameters<typeof sent>[0] {
  const url = new URL(typed);
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const basic: Record<string, string> = pair === ':' ? {} : { authorization: `Basic ${btoa(pair)}` };
  url.username = '';
  url.password = '';
  return { method: 'GET', url: url.href, headers: { ...headers, ...basic } };
}

/** Addresses of a GET as people type them and carriers sign them, each with its query last. */
export const typedAddresses = (voice: string, query: string): [name: string, typed: string][] => [
  ['credentials', `${voice.replace('://', '://acme:s3cret@')}?${query}`],
  ['credentials with escapes', `${voice.replace('://', '://acme:s%403%3Acret@')}?${query}`],
  ['a user name alone', `${voice.replace('://', '://acme@')}?${query}`],
  ['a host in capitals', `${voice.replace(/[^/]+\.example/, (host) => host.toUpperCase())}?${query}`],
  ['@ and : bare', `${voice}?${query}&uri=sip:front@acme.sip.example`],
  ['@ and : escaped', `${voice}?${query}&uri=sip%3Afront%40acme.sip.example`],
  ['a slash at the end of its path', `${voice}/?${query}`],
];

export function formText(form: Record<string, string | string[]>): string {
  const body = new URLSearchParams();
  for (const [name, values] of Object.entries(form)) for (const value of [values].flat()) body.append(name, value);
  return body.toString();
}

/** Two phones, then voicemail; recorded and announced; a whisper with everything that needs escaping. */
export const FULL_PLAN: CallPlan = {
  steps: [
    { kind: 'dial', destination: DESTINATION, timeoutSeconds: 25, whisper: 'Call from "Tom & Jerry\'s" <ads>' },
    { kind: 'dial', destination: OVERFLOW, timeoutSeconds: 20, whisper: null },
    { kind: 'voicemail', greeting: 'Please leave a message & your number.', maxSeconds: 90 },
  ],
  callerId: 'tracking',
  announcement: 'This call may be recorded.',
  record: true,
  language: 'en-US',
};

export const PLAIN_PLAN: CallPlan = {
  steps: [{ kind: 'dial', destination: DESTINATION, timeoutSeconds: 30, whisper: null }],
  callerId: 'caller',
  announcement: null,
  record: false,
  language: 'en-US',
};

export const CLOSED_PLAN: CallPlan = { ...PLAIN_PLAN, steps: [{ kind: 'message', message: 'We are closed <today>.' }] };

/** An element of an XML answer: its name, attributes as text, and children in order. */
export interface Parsed {
  name: string;
  attributes: Record<string, string>;
  children: (Parsed | string)[];
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  parseTagValue: false,
});

/** Reads an XML text; throws where it is not well formed. */
export function parseXml(text: string): Parsed {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`not XML: ${valid.err.msg} in ${text}`);
  const read = (node: Record<string, unknown>): Parsed | string => {
    if ('#text' in node) return String(node['#text']);
    const name = Object.keys(node).find((key) => key !== ':@') ?? '';
    return {
      name,
      attributes: (node[':@'] ?? {}) as Record<string, string>,
      children: (node[name] as Record<string, unknown>[]).map(read),
    };
  };
  const roots = (parser.parse(text) as Record<string, unknown>[]).filter((node) => !('?xml' in node));
  return read(roots[0] ?? {}) as Parsed;
}

/** Returns the root of an answer's document, once its status and type are what carriers expect. */
export function documentOf(answer: Answer): Parsed {
  if (answer.status !== 200 || !answer.headers['content-type']?.includes('xml')) throw new Error('no XML answer');
  return parseXml(answer.body ?? '');
}

/** Returns the first element of a name, anywhere in a document. */
export function find(root: Parsed, name: string): Parsed | undefined {
  if (root.name === name) return root;
  for (const child of root.children) {
    const found = typeof child === 'string' ? undefined : find(child, name);
    if (found) return found;
  }
  return undefined;
}
