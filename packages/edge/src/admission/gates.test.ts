import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closed, GATES, type GateName, pass, rejectedSince } from './gates.ts';

const START = Date.UTC(2026, 10, 24, 12);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

let hosts = 0;
/** A request from an address that no other test has. */
const visitorAt = (address = `198.51.100.${++hosts}`) =>
  new Request('https://edge.example/', { headers: { 'CF-Connecting-IP': address } });

describe.each(Object.keys(GATES) as GateName[])('the gate of %s', (gate) => {
  const { limit, seconds } = GATES[gate];
  const fill = (request: Request, site?: string) => {
    for (let i = 0; i < limit; i++) expect(pass(gate, request, site)).toBeNull();
  };

  it('lets so many of one address through, then says when to come again', async () => {
    const request = visitorAt();
    fill(request);
    const turnedAway = pass(gate, request);
    expect(turnedAway?.status).toBe(429);
    expect(turnedAway?.headers.get('Retry-After')).toBe(String(seconds));
    expect(await turnedAway?.json()).toMatchObject({ status: 429 });
    expect(closed(gate, request)?.status).toBe(429);
    vi.setSystemTime(START + seconds * 1000);
    expect(closed(gate, request)).toBeNull();
    expect(pass(gate, request)).toBeNull();
  });

  it('holds nobody else up: no other address, and of one site no other', () => {
    const request = visitorAt();
    fill(request, 'acme');
    expect(pass(gate, request, 'acme')?.status).toBe(429);
    expect(pass(gate, request, 'other')).toBeNull();
    expect(pass(gate, visitorAt(), 'acme')).toBeNull();
  });

  it('takes all of an IPv6 subscriber’s addresses, and all spellings of one, for one', () => {
    const [subscriber, host] = [(++hosts).toString(16), ++hosts];
    for (let i = 0; i < limit; i++) pass(gate, visitorAt(`2001:db8:0:${subscriber}::${i.toString(16)}`));
    expect(pass(gate, visitorAt(`2001:db8:0:${subscriber}:ffff::1`))?.status).toBe(429);
    expect(pass(gate, visitorAt(`2001:db8:1:${subscriber}::1`))).toBeNull();
    for (let i = 0; i < limit; i++) pass(gate, visitorAt(`192.0.2.${host}:${1024 + i}`));
    expect(pass(gate, visitorAt(`::ffff:192.0.2.${host}`))?.status).toBe(429);
  });

  it('is not counted at by who only looks, and not closed to the machine itself', () => {
    const request = visitorAt();
    for (let i = 0; i < limit + 1; i++) expect(closed(gate, request)).toBeNull();
    for (const itself of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
      for (let i = 0; i < limit + 1; i++) expect(pass(gate, visitorAt(itself))).toBeNull();
    }
  });
});

it('tells a site’s pool once how many of its visits were turned away', () => {
  const request = visitorAt();
  for (let i = 0; i < GATES.visits.limit + 5; i++) pass('visits', request, 'told');
  expect(rejectedSince('told')).toBe(5);
  expect(rejectedSince('told')).toBe(0);
  expect(rejectedSince('elsewhere')).toBe(0);
});
