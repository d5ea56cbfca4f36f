import type { Env } from '../env.ts';
import { problem } from '../http/problems.ts';
import { addressHash } from './address-hash.ts';
import { networkOf } from './network.ts';
import { type Gate, Windows } from './windows.ts';

/**
 * The request limits of one address, checked before anything is looked up or woken: far above what anybody needs. Counted by each
 * isolate; of requests from pages Cloudflare's own limiter counts too, at each of its locations (`FLOOD`).
 */
export const GATES = {
  /** Leases and events, for each site. */
  visits: { limit: 3000, seconds: 10 },
  scripts: { limit: 600, seconds: 10 },
  webhooks: { limit: 3000, seconds: 10 },
  /**
   * Webhooks that were not proved to be a carrier's, for each site. Beyond it none of the address is looked at, and a
   * carrier's customers share its addresses: so many that nobody brings them about by calls of their own.
   */
  unprovedWebhooks: { limit: 600, seconds: 60 },
  /** Log-ins and tokens that were not known. */
  unknownTokens: { limit: 30, seconds: 60 },
  /** Sites that are not there. */
  unknownSites: { limit: 3000, seconds: 60 },
} as const satisfies Record<string, Gate>;

export type GateName = keyof typeof GATES;

const windows = new Map<GateName, Windows>(
  (Object.keys(GATES) as GateName[]).map((name) => [name, new Windows(GATES[name])]),
);

/** Requests refused, by site, that its pool has not counted yet. */
const uncounted = new Map<string, number>();
const SITES_UNCOUNTED = 1000;

/** Counts a request at a gate. @returns the answer to give, where there were too many */
export function pass(gate: GateName, request: Request, site = ''): Response | null {
  const key = keyOf(request, site);
  return key === null || windowsOf(gate).count(key, Date.now()) ? null : turnAway(gate, site);
}

/** Returns whether too many went through a gate that is only counted at when something was not as it should be. */
export function closed(gate: GateName, request: Request, site = ''): Response | null {
  const key = keyOf(request, site);
  return key === null || windowsOf(gate).has(key, Date.now()) ? null : turnAway(gate, site);
}

/** Returns the gate of leases and events, which Cloudflare's limiter keeps as well where it is bound. */
export async function passVisit(request: Request, env: Env, site: string): Promise<Response | null> {
  const turnedAway = pass('visits', request, site);
  const key = keyOf(request, site);
  if (turnedAway || key === null || !env.FLOOD) return turnedAway;
  // Hashed: who limits may write it down.
  const { success } = await env.FLOOD.limit({ key: await addressHash(key, env) });
  return success ? null : turnAway('visits', site);
}

/** Returns how many requests for a site were turned away since this was last asked: for its pool, which counts them. */
export function rejectedSince(site: string): number {
  const count = uncounted.get(site) ?? 0;
  if (count > 0) uncounted.delete(site);
  return count;
}

function turnAway(gate: GateName, site: string): Response {
  if (gate === 'visits' && (uncounted.has(site) || uncounted.size < SITES_UNCOUNTED)) {
    uncounted.set(site, (uncounted.get(site) ?? 0) + 1);
  }
  const { seconds } = GATES[gate];
  return problem('rate_limited', undefined, undefined, { 'Retry-After': String(seconds) });
}

function windowsOf(gate: GateName): Windows {
  return windows.get(gate) as Windows;
}

function keyOf(request: Request, site: string): string | null {
  const address = request.headers.get('CF-Connecting-IP');
  const network = address === null ? null : networkOf(address);
  return network && `${site} ${network.network}`;
}
