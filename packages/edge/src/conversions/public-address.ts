/** Names that never are on the public internet (RFC 6761, RFC 6762, RFC 8375, and what networks use inside). */
const PRIVATE_SUFFIXES = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'lan',
  'home',
  'corp',
  'home.arpa',
  'test',
  'invalid',
  'onion',
];
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Why a webhook may not go to an address; null where it may. Only `https` to a name on the public internet: no address
 * in digits (however written: the URL parser has made `0x7f.1` into `127.0.0.1` by then), no name of an inner network,
 * no password. A public name may still resolve to a private address; on Cloudflare such a request leaves for the public
 * internet all the same and reaches nothing inside.
 *
 * @param local loopback is allowed too, also without TLS: tests and `npm start`
 */
export function addressFault(address: string, local: boolean): string | null {
  if (!URL.canParse(address)) return 'must be an address such as https://crm.example/hooks';
  const { protocol, hostname, username, password } = new URL(address);
  const host = hostname.replace(/\.$/, '').toLowerCase();
  if (username !== '' || password !== '') return 'must not hold a user name or password';
  if (local && LOOPBACK.test(host) && /^https?:$/.test(protocol)) return null;
  if (protocol !== 'https:') return 'must begin with https://';
  if (host.startsWith('[') || /^[\d.]+$/.test(host)) return 'must name a host, not an IP address';
  const isPrivate = PRIVATE_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
  if (isPrivate || !host.includes('.')) return 'must be on the public internet';
  return null;
}
