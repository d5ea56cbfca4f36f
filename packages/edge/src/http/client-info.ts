import { createIsbotFromList, list } from 'isbot';
import { addressHash } from '../admission/address-hash.ts';
import type { Client } from '../admission/client.ts';
import { rejectedSince } from '../admission/gates.ts';
import { networkOf } from '../admission/network.ts';
import type { Env } from '../env.ts';
import { authorize } from './auth.ts';
import { visitorCookies } from './visitor-cookies.ts';

/**
 * Clients that say they are robots. A headless browser is not guessed to be one: tests, previews and some people's tools are
 * headless too, and the robots that matter give their names.
 */
const HEADLESS =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36';
const isRobot = createIsbotFromList(list.filter((pattern) => !new RegExp(pattern, 'i').test(HEADLESS)));

function namesRobot(userAgent: string): boolean {
  return robots.get(userAgent) ?? remember(robots, userAgent, isRobot(userAgent));
}

/** No browser's name is longer; what is, is read no further. */
const USER_AGENT_READ = 512;

/** Crawlers that say so; a server-side integrator's own HTTP library is not one. */
const CRAWLER = /bot\b|crawl|spider|slurp|preview/i;

/** Reads the client from a public request. An integrator with a token may say on whose behalf it asks. */
export async function readClient(
  request: Request,
  env: Env,
  site: string,
  client?: { address?: string | undefined; userAgent?: string | undefined },
): Promise<Client> {
  const { headers } = request;
  const origin = headers.get('Origin');
  const trusted =
    origin === null && headers.has('Authorization') && (await authorize(request, env, 'calls', site)) === null;
  const userAgent = ((trusted && client?.userAgent) || (headers.get('User-Agent') ?? '')).slice(0, USER_AGENT_READ);
  const address = trusted ? (client?.address ?? null) : headers.get('CF-Connecting-IP');
  return {
    origin,
    trusted,
    robot: trusted && !client?.userAgent ? CRAWLER.test(userAgent) : userAgent.trim() === '' || namesRobot(userAgent),
    ...(await hashesOf(address, env)),
    refused: rejectedSince(site),
    device: deviceOf(userAgent),
    country: (request.cf?.country as string | undefined) ?? null,
    host: new URL(request.url).hostname,
    // Only the snippet knows if a visitor who sends it has consented nevertheless; the script's own cookie then stays.
    cookies: headers.get('Sec-GPC') === '1' ? [] : visitorCookies(site, headers.get('Cookie')),
  };
}

/** Returns the hashes that an address, and the /48 around it, are counted by. */
export async function hashesOf(address: string | null, env: Env): Promise<Pick<Client, 'address' | 'block'>> {
  const network = address === null ? null : networkOf(address);
  return {
    address: network && (await addressHash(network.network, env)),
    block: network?.block ? await addressHash(network.block, env) : null,
  };
}

/** A cache of this isolate's results, so that the next request from the same browser is a lookup. */
const robots = new Map<string, boolean>();
const REMEMBERED = 5000;

function remember<T>(memory: Map<string, T>, key: string, value: T): T {
  if (memory.size >= REMEMBERED) memory.clear();
  memory.set(key, value);
  return value;
}

/** Coarse, as reports need it: tablets name themselves, or are Androids that do not say Mobile. */
function deviceOf(userAgent: string): string | null {
  if (userAgent === '') return null;
  if (/iPad|Tablet|PlayBook|Silk/i.test(userAgent) || isAndroidTablet(userAgent)) return 'tablet';
  return /Mobi|iPhone|iPod/i.test(userAgent) ? 'mobile' : 'desktop';
}

function isAndroidTablet(userAgent: string): boolean {
  const text = userAgent.toLowerCase();
  const android = text.lastIndexOf('android');
  return android >= 0 && !text.includes('mobile', android);
}
