import { createIsbotFromList, list } from 'isbot';
import type { Env } from '../env.ts';
import type { PublicAsker } from '../pool/number-pool.ts';
import { visitorCookies } from '../pool/visitor-cookie.ts';
import { authorize } from './auth.ts';

/**
 * Who says to be a robot. A headless browser is not guessed to be one: tests, previews and some people's tools are
 * headless too, and the robots that matter give their names.
 */
const HEADLESS =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36';
const isRobot = createIsbotFromList(list.filter((pattern) => !new RegExp(pattern, 'i').test(HEADLESS)));

function namesRobot(userAgent: string): boolean {
  return robots.get(userAgent) ?? remember(robots, userAgent, isRobot(userAgent));
}

/** Crawlers that say so; a server-side integrator's own HTTP library is not one. */
const CRAWLER = /bot\b|crawl|spider|slurp|preview/i;

/** Reads who asks from a public request. An integrator with a token may say whose behalf it asks on. */
export async function readAsker(
  request: Request,
  env: Env,
  site: string,
  client?: { address?: string | undefined; userAgent?: string | undefined },
): Promise<PublicAsker> {
  const { headers } = request;
  const origin = headers.get('Origin');
  const trusted =
    origin === null && headers.has('Authorization') && (await authorize(request, env, 'calls', site)) === null;
  const userAgent = (trusted && client?.userAgent) || (headers.get('User-Agent') ?? '');
  const address = trusted ? (client?.address ?? null) : headers.get('CF-Connecting-IP');
  return {
    origin,
    trusted,
    robot: trusted && !client?.userAgent ? CRAWLER.test(userAgent) : userAgent.trim() === '' || namesRobot(userAgent),
    address: address === null ? null : await addressHash(address, env),
    device: deviceOf(userAgent),
    country: (request.cf?.country as string | undefined) ?? null,
    host: new URL(request.url).hostname,
    // Whether a visitor who sends it has agreed all the same only the snippet knows; the script's own cookie then stays.
    cookies: headers.get('Sec-GPC') === '1' ? [] : visitorCookies(site, headers.get('Cookie')),
  };
}

/**
 * A keyed hash of an address with a daily salt (HMAC-SHA-256 over day and address, 64 bits kept): enough to count by,
 * useless without the key, and another one tomorrow.
 */
async function addressHash(address: string, env: Env): Promise<string> {
  const day = new Date().toISOString().slice(0, 10);
  const known = hashes.get(`${day} ${address}`);
  if (known !== undefined) return known;
  const mac = await crypto.subtle.sign(
    'HMAC',
    await hashKey(env),
    new TextEncoder().encode(`${day} ${network(address)}`),
  );
  const hash = [...new Uint8Array(mac, 0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return remember(hashes, `${day} ${address}`, hash);
}

/** What this isolate worked out before, so that the same visitor's next request costs a look-up. */
const hashes = new Map<string, string>();
const robots = new Map<string, boolean>();
const REMEMBERED = 5000;

function remember<T>(memory: Map<string, T>, key: string, value: T): T {
  if (memory.size >= REMEMBERED) memory.clear();
  memory.set(key, value);
  return value;
}

/** An IPv6 subscriber has a whole /64 to pick addresses from (RFC 6177), so that is what counts as one address. */
function network(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const rest = tail === '' ? [] : tail.split(':');
    groups.push(...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest);
  }
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

let key: { secret: string; imported: Promise<CryptoKey> } | null = null;

function hashKey(env: Env): Promise<CryptoKey> {
  const secret = env.WORKER_KEY ?? env.ADMIN_TOKEN ?? 'unset';
  if (key?.secret !== secret) {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' };
    const raw = new TextEncoder().encode(`address ${secret}`);
    key = { secret, imported: crypto.subtle.importKey('raw', raw, algorithm, false, ['sign']) };
  }
  return key.imported;
}

/** Coarse, as reports need it: tablets name themselves, or are Androids that do not say Mobile. */
function deviceOf(userAgent: string): string | null {
  if (userAgent === '') return null;
  if (/iPad|Tablet|PlayBook|Silk|Android(?!.*Mobile)/i.test(userAgent)) return 'tablet';
  return /Mobi|iPhone|iPod/i.test(userAgent) ? 'mobile' : 'desktop';
}
