import { describe, expect, it } from 'vitest';
import { newSite, poolNumber, worker } from './edge.ts';

const get = (path: string, cf?: object, address = '203.0.113.9') =>
  worker(new Request(`https://edge.example${path}`, { headers: { 'CF-Connecting-IP': address }, cf } as RequestInit));

describe('where the visitor is', () => {
  it.each([
    [
      { country: 'US', regionCode: 'CA' },
      { country: 'US', region: 'US-CA' },
    ],
    [{ country: 'DE' }, { country: 'DE', region: null }],
    [{ country: 'T1' }, { country: null, region: null }],
    [
      { country: 'XX', regionCode: 'CA' },
      { country: null, region: null },
    ],
    [{}, { country: null, region: null }],
  ])('is told for %j, for this browser alone', async (cf, expected) => {
    const answer = await get('/s/acme/region.json', cf);
    expect(await answer.json()).toEqual(expected);
    expect(answer.headers.get('Cache-Control')).toMatch(/^private/);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
  });
});

it.each([
  '/s/nobody.js',
  '/s/nobody@000000000000.js',
  '/s/no/such/script.js',
  '/s/acme/other.json',
  '/s/nobody/preview.json?number=%2B14155550132',
])('says why there is nothing at %s so that a page may read it', async (path) => {
  const answer = await get(path);
  expect(answer.status).toBe(404);
  expect(answer.headers.get('Content-Type')).toBe('application/problem+json');
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
});

describe('a number that is to be previewed', () => {
  const preview = (site: string, number: string, address?: string) =>
    get(`/s/${site}/preview.json?number=${encodeURIComponent(number)}`, undefined, address);

  it('is told if it is one of the site, with its target and forms', async () => {
    const site = await newSite(2);
    const answer = await preview(site, poolNumber(0));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      number: '+14155551000',
      national: '(415) 555-1000',
      international: '+1 415 555 1000',
      target: 'main',
    });
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
  });

  it('is refused if it is not, or is no number', async () => {
    const site = await newSite(1);
    expect((await preview(site, '+19005550199')).status).toBe(404);
    expect((await preview('nobody', '+19005550199')).status).toBe(404);
    for (const wrong of ['', '900', '+1', "'", '+1415555013222222222', '+1415555013x'])
      expect((await preview(site, wrong)).status).toBe(400);
  });

  it.each([
    ['an address', (_: number) => '198.51.100.7', '198.51.100.8'],
    ['an IPv6 /48', (i: number) => `2001:db8:7:${i.toString(16)}::1`, '2001:db8:8::1'],
  ])('is told no more to %s from which many were tried, and to all others as before', async (_, from, other) => {
    const site = await newSite(1);
    for (let i = 0; i < 60; i++) expect((await preview(site, `+1900555${1000 + i}`, from(i))).status).toBe(404);
    expect((await preview(site, '+19005552000', from(60))).status).toBe(429);
    expect((await preview(site, poolNumber(0), from(61))).status).toBe(429);
    expect((await preview(site, poolNumber(0), other)).status).toBe(200);
  });
});
