import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Assignment, EventRequest, LeaseRequest, type SnippetConfig } from '@dialmark/shared';
import * as v from 'valibot';

const dist = new URL('../packages/snippet/dist/', import.meta.url);

/** The printed number of the pages under test, and the numbers leased in its place. */
export const PRINTED = { number: '+14155550100', national: '(415) 555-0100', international: '+1 415-555-0100' };
export const POOL = [132, 133, 134, 135].map((last) => ({
  number: `+14155550${last}`,
  national: `(415) 555-0${last}`,
  international: `+1 415-555-0${last}`,
}));

export interface Recorded {
  path: string;
  method: string;
  headers: IncomingMessage['headers'];
  body: LeaseRequest | EventRequest;
}

/** A strict stand-in for the edge and the site: what does not fit the wire schemas is answered 400 and fails the test. */
export interface EdgeDouble {
  origin: string;
  requests: Recorded[];
  faults: string[];
  /** Pages by path, as HTML. */
  pages: Map<string, string>;
  config: SnippetConfig;
  /** Location of visitors. */
  place: { country: string | null; region: string | null };
  /** Cookies that the site's integrations use. */
  adCookies: string[];
  /** Answer to a lease; the default hands out the pool by session. */
  onLease: (request: LeaseRequest) => Promise<unknown> | unknown;
  /** Headers for every page, and for every answer to a lease. */
  pageHeaders: Record<string, string>;
  leaseHeaders: Record<string, string>;
  leases(): LeaseRequest[];
  events(type?: EventRequest['type']): EventRequest[];
  close(): Promise<void>;
}

/** The rest of the script, and its hash. */
export function servedRest(forms = false): { text: string; hash: string } {
  const text = readFileSync(new URL(`rest${forms ? '-forms' : ''}.iife.js`, dist), 'utf8');
  return { text, hash: createHash('sha256').update(text).digest('base64') };
}

/** The script as the Worker serves it: the configuration written in its place, and where the rest is. */
export function servedScript(config: Omit<SnippetConfig, 'edge'> & Partial<SnippetConfig>): string {
  const rest = [`/s/acme/rest@${'0'.repeat(12)}.js`, `sha256-${servedRest(!!config.forms).hash}`];
  return readFileSync(new URL('dialmark.iife.js', dist), 'utf8')
    .replace('__DIALMARK_REST__', JSON.stringify(rest))
    .replace('__DIALMARK_CONFIG__', () =>
      JSON.stringify(config)
        .replace(/</g, '\\u003c')
        .replace(/\u2028/g, '\\u2028')
        .replace(/\u2029/g, '\\u2029'),
    );
}

/** Script that the Worker appends if an integration uses cookies. */
function adIdsScript(cookies: readonly string[]): string {
  return readFileSync(new URL('ad-ids.iife.js', dist), 'utf8').replace(
    '__DIALMARK_AD_COOKIES__',
    JSON.stringify(cookies),
  );
}

export async function startEdgeDouble(): Promise<EdgeDouble> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      double.faults.push(String(error));
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bySession = new Map<string, number>();

  const double: EdgeDouble = {
    origin,
    requests: [],
    faults: [],
    pages: new Map(),
    pageHeaders: {},
    leaseHeaders: {},
    adCookies: [],
    place: { country: null, region: null },
    config: {
      site: 'acme',
      edge: origin,
      targets: [{ id: 'main', ...PRINTED, links: { sms: true, whatsapp: true } }],
      sources: [],
      session: { timeoutSeconds: 1800 },
      consent: 'implied',
    },
    onLease: (lease) => {
      if (!bySession.has(lease.session)) bySession.set(lease.session, bySession.size);
      return leased(lease, assignment((bySession.get(lease.session) as number) % POOL.length));
    },
    leases: () => double.requests.filter(({ path }) => path.endsWith('/lease')).map(({ body }) => body as LeaseRequest),
    events: (type) =>
      double.requests
        .filter(({ path }) => path.endsWith('/events'))
        .map(({ body }) => body as EventRequest)
        .filter((event) => !type || event.type === type),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };

  /** Without the edge's address, which it finds by itself. */
  function script(): string {
    const { edge: _, ...config } = double.config;
    return servedScript(config) + (double.adCookies.length ? adIdsScript(double.adCookies) : '');
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url as string, origin);
    if (url.pathname === '/s/acme/region.json' || url.pathname === '/s/acme/preview.json') {
      const previewed = POOL.find(({ number }) => number === url.searchParams.get('number'));
      const found = url.pathname.endsWith('region.json') ? double.place : previewed && { ...previewed, target: 'main' };
      response
        .writeHead(found ? 200 : 404, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
        .end(JSON.stringify(found ?? {}));
      return;
    }
    const asked = /^\/s\/acme(?:\/(debug|consent-google|consent-tcf))?\.js$/.exec(url.pathname);
    if (asked) {
      const text = asked[1] ? readFileSync(new URL(`${asked[1]}.iife.js`, dist), 'utf8') : script();
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(text);
      return;
    }
    if (/^\/s\/acme\/rest@\w+\.js$/.test(url.pathname)) {
      response
        .writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'access-control-allow-origin': '*' })
        .end(servedRest(!!double.config.forms).text);
      return;
    }
    const call = /^\/v1\/sites\/acme\/(lease|events)$/.exec(url.pathname);
    if (call) {
      const cors = {
        'access-control-allow-origin': request.headers.origin ?? '*',
        'access-control-allow-credentials': 'true',
      };
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const text = Buffer.concat(chunks).toString();
      if (request.method !== 'POST') double.faults.push(`${request.method} ${url.pathname}: a preflight`);
      if (!/^text\/plain/.test(request.headers['content-type'] ?? ''))
        double.faults.push(`content type ${request.headers['content-type']}`);
      const checked = v.safeParse(call[1] === 'lease' ? LeaseRequest : EventRequest, JSON.parse(text));
      if (!checked.success) {
        double.faults.push(JSON.stringify(v.flatten(checked.issues)));
        response.writeHead(400, cors).end();
        return;
      }
      double.requests.push({
        path: url.pathname,
        method: request.method as string,
        headers: request.headers,
        body: checked.output as LeaseRequest,
      });
      if (call[1] === 'events') {
        response.writeHead(204, cors).end();
        return;
      }
      const result = await double.onLease(checked.output as LeaseRequest);
      if (typeof result === 'number') response.writeHead(result, cors).end();
      else if (typeof result === 'string') response.writeHead(200, cors).end(result);
      else
        response
          .writeHead(200, { ...cors, 'content-type': 'application/json', ...double.leaseHeaders })
          .end(JSON.stringify(result));
      return;
    }
    // Asked for by tests: what a page sent before is here by now.
    if (url.pathname === '/settled') {
      response.writeHead(204).end();
      return;
    }
    const page = double.pages.get(url.pathname);
    response
      .writeHead(page === undefined ? 404 : 200, {
        'content-type': url.pathname.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8',
        ...double.pageHeaders,
      })
      .end(page ?? '');
  }

  return double;
}

export function assignment(index: number, seconds = 1800): Assignment {
  return {
    kind: 'pool',
    ...(POOL[index] as (typeof POOL)[number]),
    binding: `b_${index}`,
    expiresAt: new Date(Date.now() + seconds * 1000).toISOString(),
  };
}

export function leased(request: LeaseRequest, number: Assignment, renewAfterSeconds = 600) {
  const targets = request.targets ?? ['main'];
  return {
    visitor: request.visitor,
    session: request.session,
    numbers: Object.fromEntries(targets.map((target) => [target, number])),
    renewAfterSeconds,
  };
}
