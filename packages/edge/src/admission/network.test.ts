import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf } from './network.ts';

const v4 = (network: string) => ({ network, block: null });

describe('networkOf', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    [' 203.0.113.9 ', '203.0.113.9'],
    ['203.0.113.9:51234', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['[::ffff:203.0.113.9]:443', '203.0.113.9'],
    ['64:ff9b::203.0.113.9', '203.0.113.9'],
    ['2002:cb00:7109:1::1', '203.0.113.9'],
    ['"[::ffff:203.0.113.9]:443"', '203.0.113.9'],
  ])('reads %s as one IPv4 address', (written, network) => {
    expect(networkOf(written)).toEqual(v4(network));
  });

  it.each([
    '2001:db8:1:2::1',
    '2001:DB8:1:2:ffff::',
    '[2001:db8:1:2::3]:8443',
    '[2001:db8:1:2::3]',
    '2001:db8:1:2::4%eth0',
    '2001:db8:1:2:ffff:1',
  ])('reads %s as the subscriber’s /64', (written) => {
    expect(networkOf(written)).toEqual({ network: '2001:db8:1:2::/64', block: '2001:db8:1::/48' });
  });

  it('tells neighbouring networks apart', () => {
    expect(networkOf('2001:db8:1:3::1')?.network).not.toBe(networkOf('2001:db8:1:2::1')?.network);
    expect(networkOf('203.0.113.8')).not.toEqual(networkOf('203.0.113.9'));
    expect(networkOf('::ffff:203.0.113.8')).not.toEqual(networkOf('::ffff:203.0.113.9'));
  });

  it.each(['127.0.0.1', '127.8.9.1', '::1', '[::1]:80', '::ffff:127.0.0.1'])('%s is this machine', (written) => {
    expect(networkOf(written)).toBeNull();
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    'localhost',
    '203.0.113',
    '1',
    '0x7f.1',
    '203.0.113.9.1',
    '1.2.3.400',
    ':::',
    '[',
    '[]:1',
  ])('counts %j with all that cannot be read', (written) => {
    expect(networkOf(written)).toEqual(v4('unreadable'));
  });

  it('is one for all addresses of a /64, with or without a port', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 1, max: 65_535 }), (address, port) => {
        expect(networkOf(`[${address}]:${port}`)).toEqual(networkOf(address));
      }),
    );
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 1, max: 65_535 }), (address, port) => {
        expect(networkOf(`${address}:${port}`)).toEqual(networkOf(address));
        expect(networkOf(`::ffff:${address}`)).toEqual(networkOf(address));
      }),
    );
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void networkOf(text)));
  });
});
