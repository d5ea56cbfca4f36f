import { beforeAll, describe, expect, it } from 'vitest';
import { migrateLedger, newSite, poolNumber, worker } from './edge.ts';

beforeAll(migrateLedger);

const get = (path: string, cf?: object) =>
  worker(new Request(`https://edge.example${path}`, cf ? ({ cf } as RequestInit) : undefined));

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

describe('a number that is to be previewed', () => {
  const preview = (site: string, number: string) => get(`/s/${site}/preview.json?number=${encodeURIComponent(number)}`);

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

  it('is told no more once somebody has tried many', async () => {
    const site = await newSite(1);
    for (let last = 0; last < 60; last++) expect((await preview(site, `+1900555${1000 + last}`)).status).toBe(404);
    expect((await preview(site, '+19005552000')).status).toBe(429);
    expect((await preview(site, poolNumber(0))).status).toBe(429);
  });
});
