/**
 * Outgoing requests of a Dialmark that runs on one machine: to the public internet only, judged by the address that a
 * name resolved to, which is the very one that is connected to. What a name says is judged before, by the Worker
 * (packages/edge/src/platform/public-address.ts); a name that anybody may register can still resolve to an address of
 * this machine or its network.
 */
import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { ReadableStream } from 'node:stream/web';
import ipaddr from 'ipaddr.js';
import type { Request, Response as RuntimeResponse } from 'miniflare';
import { Agent, fetch } from 'undici';
import { UNREACHED } from '../packages/edge/src/platform/outgoing.ts';

/** The Worker gives up after ten seconds and two megabytes itself; this ends what it has turned its back on. */
const TIMEOUT_MS = 15_000;
const MOST_BYTES = 4_000_000;

/**
 * Returns true if an address is on the public internet: nothing private, reserved, or made to reach IPv4 by another
 * way.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  // Of IPv6 only 2000::/3 is given out (RFC 3513, section 2.5.4); 3fff::/20 in it is for documentation (RFC 9637).
  return parsed.kind() === 'ipv4' || (parsed.match(GLOBAL_UNICAST) && !parsed.match(DOCUMENTATION));
}

const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];
const DOCUMENTATION = ipaddr.parseCIDR('3fff::/20') as [ipaddr.IPv6, number];

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}

/**
 * Sends the Worker's requests out. Redirects come back as they are, for the Worker to judge. An address that may not or
 * cannot be reached is an answer with the header `UNREACHED`, which the Worker makes into an error.
 *
 * @param local this machine may be asked too: tests and `npm start`, never in service
 */
export function outgoing(local: boolean): (request: Request) => Promise<RuntimeResponse> {
  const mayReach = (address: string) => isPublicAddress(address) || (local && isLoopback(address));
  const dispatcher = new Agent({ connect: { lookup: judged(mayReach) } });
  return async (request) => {
    const host = new URL(request.url).hostname.replace(/^\[|\]$/g, '');
    try {
      // No name, nothing to look up.
      if (isIP(host) !== 0 && !mayReach(host)) throw new Error(NOT_PUBLIC);
      const response = await fetch(request.url, {
        method: request.method,
        headers: [...request.headers],
        body: request.body as never,
        ...(request.body ? { duplex: 'half' as const } : {}),
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
        dispatcher,
      });
      const { status, statusText, headers } = response;
      const body = response.body && ReadableStream.from(atMost(response.body, MOST_BYTES));
      return new Response(body as BodyInit | null, { status, statusText, headers: [...headers] }) as never;
    } catch (error) {
      return new Response(null, { status: 502, headers: { [UNREACHED]: reasonOf(error) } }) as never;
    }
  };
}

const NOT_PUBLIC = 'the address is not on the public internet';

/** Looks names up, and refuses one of which any address may not be reached. */
function judged(mayReach: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const [first] = found ?? [];
      if (error || !first) callback(error ?? new Error(`${hostname} has no address`), '', 0);
      else if (!found.every(({ address }) => mayReach(address))) callback(new Error(NOT_PUBLIC), '', 0);
      else if (options.all) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return (cause?.code ?? cause?.message ?? message).replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
}

async function* atMost(body: AsyncIterable<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let left = most;
  for await (const chunk of body) {
    yield chunk.subarray(0, left);
    left -= chunk.byteLength;
    if (left <= 0) return;
  }
}
