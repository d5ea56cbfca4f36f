import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const API_TOKEN = 'cloudflare-token-of-a-test';
export const ACCOUNT = '0123456789abcdef0123456789abcdef';

interface Upload {
  bindings: { name: string; type: string; [more: string]: unknown }[];
  keep_bindings: string[];
  exports: Record<string, unknown>;
}

/** An account at Cloudflare: what wrangler finds there and leaves there. */
export interface CloudflareAccount {
  queues: { queue_id: string; queue_name: string; consumers: unknown[] }[];
  uploads: Upload[];
  secrets: Map<string, string>;
  schedules: string[];
  /** Paths that are refused, as where a token lacks a right. */
  refused: RegExp | null;
}

const done = (result: unknown) => ({ status: 200, body: { success: true, errors: [], messages: [], result } });
const failed = (status: number, code: number, message: string) => ({
  status,
  body: { success: false, errors: [{ code, message }], messages: [], result: null },
});

/**
 * The part of Cloudflare's API that a deploy by wrangler needs, in memory; what it does not know is 404.
 * https://developers.cloudflare.com/api/
 */
export async function serveCloudflare() {
  const account: CloudflareAccount = {
    queues: [],
    uploads: [],
    secrets: new Map(),
    schedules: [],
    refused: null,
  };
  const server = createServer((request, response) => void handle(account, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`;
  return { account, url, close: () => new Promise((resolve) => server.close(resolve)) };
}

async function handle(account: CloudflareAccount, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += (chunk as Buffer).toString('latin1');
  const { status, body: json } =
    request.headers.authorization === `Bearer ${API_TOKEN}`
      ? answer(account, request.method ?? '', new URL(request.url ?? '', 'http://x'), body)
      : failed(401, 10_000, 'Authentication error');
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(json));
}

const SCRIPT = '/workers/scripts/dialmark';
const NEW_WORKER = failed(404, 10_007, 'This Worker does not exist on your account.');

function answer(account: CloudflareAccount, method: string, { pathname, searchParams }: URL, body: string) {
  const path = pathname.replace(`/client/v4/accounts/${ACCOUNT}`, '');
  if (account.refused?.test(path)) return failed(403, 9109, 'Unauthorized to access requested resource');
  const exists = account.uploads.length > 0;
  switch (`${method} ${path}`) {
    case 'GET /queues': {
      const name = searchParams.get('name');
      return done(account.queues.filter(({ queue_name }) => name === null || queue_name === name));
    }
    case 'POST /queues': {
      const { queue_name } = JSON.parse(body) as { queue_name: string };
      const queue = {
        queue_id: `queue-${account.queues.length}`,
        queue_name,
        producers: [],
        producers_total_count: 0,
        consumers: [],
        consumers_total_count: 0,
        created_on: '2026-11-01T00:00:00Z',
        modified_on: '2026-11-01T00:00:00Z',
        settings: {},
      };
      account.queues.push(queue);
      return done(queue);
    }
    case `GET ${SCRIPT}/secrets`:
      return exists ? done([...account.secrets.keys()].map((name) => ({ name, type: 'secret_text' }))) : NEW_WORKER;
    case 'GET /workers/services/dialmark':
      return exists
        ? done({ default_environment: { environment: 'production', script: { last_deployed_from: 'wrangler' } } })
        : NEW_WORKER;
    case `GET ${SCRIPT}/settings`:
      return exists ? done({ bindings: account.uploads.at(-1)?.bindings }) : NEW_WORKER;
    case `PATCH ${SCRIPT}/script-settings`:
      return done({});
    case `GET ${SCRIPT}/deployments`:
      return exists ? done({ deployments: [] }) : NEW_WORKER;
    case `POST ${SCRIPT}/assets-upload-session`:
      return done({ jwt: 'a.b.c', buckets: [] });
    case `PUT ${SCRIPT}`: {
      const upload = JSON.parse(/\r\n\r\n(\{"main_module".*?)\r\n--/s.exec(body)?.[1] ?? '{}') as Upload;
      account.uploads.push(upload);
      for (const { name, type, text } of upload.bindings) {
        if (type === 'secret_text') account.secrets.set(name, String(text));
      }
      return done({ id: 'dialmark', startup_time_ms: 1, entry_point: 'index.js', etag: 'e', deployment_id: 'd' });
    }
    case 'GET /workers/subdomain':
      return done({ subdomain: 'acme' });
    case `POST ${SCRIPT}/subdomain`:
    case `GET ${SCRIPT}/subdomain`:
      return done({ enabled: true, previews_enabled: false });
    case 'GET /workers/workers/dialmark':
      return exists ? done({ id: 'w', name: 'dialmark', subdomain: { enabled: true } }) : NEW_WORKER;
    case `PUT ${SCRIPT}/schedules`:
      account.schedules = (JSON.parse(body) as { cron: string }[]).map(({ cron }) => cron);
      return done({ schedules: [] });
    default:
      return resource(account, method, path, body);
  }
}

function resource(account: CloudflareAccount, method: string, path: string, body: string) {
  const [, kind, id, what] = path.split('/');
  const queue = account.queues.find(({ queue_id }) => queue_id === id);
  if (kind === 'queues' && queue && what === 'consumers' && method === 'POST') {
    queue.consumers.push(JSON.parse(body));
    return done({});
  }
  return failed(404, 7003, `No route for ${method} ${path}`);
}
