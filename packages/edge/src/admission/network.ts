import ipaddr from 'ipaddr.js';

/** The client of a request, as far as an address identifies it: limits are counted by this. */
export interface Network {
  /** An IPv4 address, or the /64 that one IPv6 subscriber has to pick addresses from (RFC 6177). */
  network: string;
  /** The /48 that a site is given and can make 65,536 of those of; null for IPv4. */
  block: string | null;
}

/** The key of all unreadable addresses together: a malformed address must not get around a limit. */
const UNREADABLE: Network = { network: 'unreadable', block: null };

/**
 * Reads an address as proxies write it: with a port, in brackets, with a zone, an IPv4 address inside an IPv6 one.
 *
 * @returns null for this machine itself, which nobody outside can be
 */
export function networkOf(written: string): Network | null {
  const text = completed(bare(written));
  if (!ipaddr.isValid(text) || (!text.includes(':') && !/^\d+\.\d+\.\d+\.\d+$/.test(text))) return UNREADABLE;
  const address = unwrapped(ipaddr.parse(text));
  if (address.range() === 'loopback') return null;
  if (address instanceof ipaddr.IPv4) return { network: address.toString(), block: null };
  return { network: prefix(address, 4), block: prefix(address, 3) };
}

/** Takes off what may stand around an address: spaces, brackets, a port, a zone. */
function bare(written: string): string {
  const text = written.trim().replace(/^"(.*)"$/, '$1');
  const inner = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return inner.replace(/%.*$/, '');
}

/** Reads the network of an IPv6 address, even of one that was cut short. */
function completed(text: string): string {
  return text.includes(':') && !ipaddr.isValid(text) && ipaddr.isValid(`${text}::`) ? `${text}::` : text;
}

/** Returns the IPv4 address inside an IPv6 one: mapped (RFC 4291), by NAT64 (RFC 6052) or by 6to4 (RFC 3056). */
function unwrapped(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 {
  if (address instanceof ipaddr.IPv4) return address;
  const bytes = address.toByteArray();
  switch (address.range()) {
    case 'ipv4Mapped':
      return address.toIPv4Address();
    case 'rfc6052':
      return new ipaddr.IPv4(bytes.slice(12));
    case '6to4':
      return new ipaddr.IPv4(bytes.slice(2, 6));
    default:
      return address;
  }
}

function prefix(address: ipaddr.IPv6, groups: number): string {
  const kept = address.parts.slice(0, groups).map((part) => part.toString(16));
  return `${kept.join(':')}::/${groups * 16}`;
}
