import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UNREACHED } from '../packages/edge/src/platform/outgoing.ts';
import { isPublicAddress, outgoing } from '../tools/outgoing.ts';

describe('isPublicAddress', () => {
  it.each([
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '127.0.0.1',
      '127.255.255.254',
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
    ],
    ...[
      '169.254.169.254',
      '100.64.0.1',
      '100.127.255.255',
      '224.0.0.1',
      '239.255.255.255',
      '240.0.0.1',
      '255.255.255.255',
    ],
    ...['192.0.0.8', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '192.88.99.1'],
    ...['::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:93.184.216.34', '::ffff:0:7f00:1', 'fe80::1', 'fec0::1'],
    ...['fc00::1', 'fd12:3456::1', 'ff02::1', '64:ff9b::7f00:1', '64:ff9b:1::1', '2002:7f00:1::', '2001::1', '100::1'],
    ...['2001:db8::1', '3fff::1', '5f00::1', '4000::1', '', 'localhost', 'ten'],
  ])('refuses %s', (address) => expect(isPublicAddress(address)).toBe(false));

  it.each(['93.184.216.34', '1.1.1.1', '172.32.0.1', '100.128.0.1', '169.253.0.1', '2606:4700:4700::1111', '2a00::1'])(
    'lets %s be reached',
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it('refuses every private IPv4 address however IPv6 wraps it', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    const privates = fc.oneof(
      fc.tuple(fc.constant(10), byte, byte, byte),
      fc.tuple(fc.constant(127), byte, byte, byte),
      fc.tuple(fc.constant(192), fc.constant(168), byte, byte),
      fc.tuple(fc.constant(169), fc.constant(254), byte, byte),
    );
    const hex = (a: number, b: number) => (a * 256 + b).toString(16);
    fc.assert(
      fc.property(privates, ([a, b, c, d]) => {
        const low = `${hex(a, b)}:${hex(c, d)}`;
        const wraps = [`::ffff:${low}`, `::${low}`, `64:ff9b::${low}`, `2002:${low}::`, `::ffff:0:${low}`];
        return [`${a}.${b}.${c}.${d}`, ...wraps].every((address) => !isPublicAddress(address));
      }),
    );
  });
});

describe('a request that leaves this machine', () => {
  let server: Server;
  let port: number;
  const asked: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push(request.url as string);
      if (request.url === '/away') response.writeHead(302, { Location: 'http://169.254.169.254/' }).end();
      else request.pipe(response.writeHead(201, { 'X-Method': request.method as string }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => server.close());
  const ask = (local: boolean, url: string, init?: RequestInit) => outgoing(local)(new Request(url, init) as never);

  it.each(['127.0.0.1', 'localhost', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', '0.0.0.0', '[::]'])(
    'reaches nothing of this machine in service, by the name %s',
    async (host) => {
      const answer = await ask(false, `http://${host}:${port}/inside`);
      expect(answer.headers.get(UNREACHED)).toBe('the address is not on the public internet');
      expect(asked).not.toContain('/inside');
    },
  );

  it('reaches this machine where it is tried out, and nothing else that is private', async () => {
    const answer = await ask(true, `http://localhost:${port}/hook`, { method: 'POST', body: 'told' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('X-Method')).toBe('POST');
    expect(await answer.text()).toBe('told');
    const inner = await ask(true, 'http://10.255.255.1/');
    expect(inner.headers.get(UNREACHED)).toBe('the address is not on the public internet');
  });

  it('gives redirects back, to be judged before they are followed', async () => {
    const answer = await ask(true, `http://127.0.0.1:${port}/away`);
    expect([answer.status, answer.headers.get('Location')]).toEqual([302, 'http://169.254.169.254/']);
  });

  it('says why where nothing answers', async () => {
    const answer = await ask(true, 'http://127.0.0.1:9/');
    expect(answer.headers.get(UNREACHED)).toMatch(/ECONNREFUSED|bad port/);
  });
});
