/**
 * Names that never are on the public internet: reserved (RFC 6761, 6762, 7686, 8375, 9476, and ICANN's `internal`), asked of
 * the root so often that they will not be given out (`home`, `corp`, `lan`), or used inside clusters and by service
 * registries (`svc`, `consul`, `docker`). `example` is left: it leads nowhere, and people try things with it.
 */
const PRIVATE_SUFFIXES = new Set([
  ...['localhost', 'localdomain', 'local', 'internal', 'intranet', 'private', 'lan', 'home', 'corp', 'workgroup'],
  ...[
    'arpa',
    'test',
    'invalid',
    'onion',
    'alt',
    'default',
    'svc',
    'pod',
    'cluster',
    'consul',
    'nomad',
    'docker',
    'kube',
  ],
]);
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * Returns why a webhook may not go to an address; null if it may. Only `https` to a name on the public internet: no address
 * in digits (however written: the URL parser has made `0x7f.1` into `127.0.0.1` by then), no name of an inner network,
 * no password. A public name may still resolve to a private address: on Cloudflare such a request leaves for the public
 * internet all the same and reaches nothing inside; on a machine of one's own the address is judged once more after it
 * was looked up (tools/outgoing.ts).
 *
 * @param local loopback is allowed too, also without TLS: tests and `npm start`
 */
export function addressError(address: string, local: boolean): string | null {
  if (!URL.canParse(address)) return 'must be an address such as https://crm.example/hooks';
  const { protocol, hostname, username, password } = new URL(address);
  // One dot at the end only says that the name is whole.
  const labels = hostname.replace(/\.$/, '').toLowerCase().split('.');
  if (username !== '' || password !== '') return 'must not contain a user name or password';
  if (local && LOOPBACK.test(labels.join('.')) && /^https?:$/.test(protocol)) return null;
  if (protocol !== 'https:') return 'must begin with https://';
  if (hostname.startsWith('[') || /^[\d.]+$/.test(hostname)) return 'must have a host name, not an IP address';
  const isPrivate = labels.length < 2 || labels.includes('') || PRIVATE_SUFFIXES.has(labels.at(-1) as string);
  return isPrivate ? 'must be on the public internet' : null;
}
