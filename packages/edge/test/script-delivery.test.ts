import { api, type SiteConfigInput } from '@dialmark/shared';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { app } from '../src/app.ts';
import { partsChanged } from '../src/scripts/parts.ts';
import { admin, env, newSite, ORIGIN, worker } from './edge.ts';

const get = (path: string, headers: Record<string, string> = {}) =>
  worker(new Request(`https://edge.example/s/${path}`, { headers }));
const shown = ({ status, headers }: Response) => [status, headers.get('Content-Encoding'), headers.get('Vary')];

/** The Worker with its calls of pools counted, by their names. */
function counted(): { asked: string[]; get(path: string): Promise<Response> } {
  const asked: string[] = [];
  const stub = (real: { run(...given: unknown[]): unknown }) => ({
    run(subsystem: string, name: string, given: unknown) {
      asked.push(`${subsystem}.${name}`);
      return real.run(subsystem, name, given);
    },
  });
  const POOL = {
    idFromName: (name: string) => env.POOL.idFromName(name),
    get: (id: DurableObjectId) => stub(env.POOL.get(id) as never),
  } as never;
  return {
    asked,
    get: async (path) => app.fetch(new Request(`https://edge.example/s/${path}`), { ...env, POOL }),
  };
}

describe('a script', () => {
  afterEach(() => vi.useRealTimers());

  it('asks the pool once before its answer, and not again while what it is made of is kept', async () => {
    const site = await newSite(0);
    const { asked, get } = counted();
    expect((await get(`${site}.js`)).status).toBe(200);
    await expect.poll(() => asked).toEqual(['site.snippet', 'site.publish', 'site.keepRest']);
    for (let i = 0; i < 5; i++) await get(`${site}.js`);
    await get(`${site}.json`);
    expect(asked).toHaveLength(3);
  });

  it('is asked for by the pool again after half a minute, and published no more', async () => {
    const site = await newSite(0);
    const { asked, get } = counted();
    await get(`${site}.js`);
    await expect.poll(() => asked).toHaveLength(3);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30_000 });
    await get(`${site}.js`);
    expect(asked.slice(3)).toEqual(['site.snippet']);
  });

  it('is found in the data centre’s cache by another isolate, but for what changed since', async () => {
    const site = await newSite(0);
    const { asked, get } = counted();
    const cached = () => caches.default.match(`https://edge.example/s/${site}/parts`);
    await get(`${site}.js`);
    await expect.poll(async () => (await cached())?.status).toBe(200);
    expect((await cached())?.headers.get('Cache-Control')).toBe('public, max-age=30');
    partsChanged(site);
    await get(`${site}.js`);
    expect(asked.filter((name) => name === 'site.snippet')).toHaveLength(2);
  });

  it('follows its site at once where that was changed', async () => {
    const site = await newSite(0);
    const version = async () => (await get(`${site}.js`)).headers.get('Dialmark-Version');
    const before = await version();
    const { id: _, ...config } = await admin.call(api.getSite, { site });
    await admin.call(api.putSite, { site, body: { ...config, consent: 'required' } as SiteConfigInput });
    expect(await (await get(`${site}.js`)).text()).toContain('"consent":"required"');
    await admin.call(api.putSite, { site, body: config as SiteConfigInput });
    expect(await version()).toBe(before);
    await admin.send(api.deleteSite, { site });
    expect((await get(`${site}.js`)).status).toBe(404);
    expect((await get(`${site}@${before}.js`)).status).toBe(404);
  });

  it('once pinned is asked of the pool once', async () => {
    const site = await newSite(0);
    const { asked, get } = counted();
    const version = (await get(`${site}.js`)).headers.get('Dialmark-Version');
    await expect.poll(() => asked).toHaveLength(3);
    const text = await (await get(`${site}.js`)).text();
    for (let i = 0; i < 3; i++) expect(await (await get(`${site}@${version}.js`)).text()).toBe(text);
    expect(asked.slice(3)).toEqual(['site.published']);
  });
});

describe('what pages load', () => {
  it.each(['SITE.js', 'SITE@VERSION.js', 'SITE/REST', 'SITE/debug.js', 'SITE/consent-google.js', 'SITE.json'])(
    '%s is compressed as the browser asks for, is the same in any form, and has one tag for all',
    async (pattern) => {
      const site = await newSite(0);
      const script = await get(`${site}.js`);
      const rest = /rest@\w+\.js/.exec(await script.text())?.[0] as string;
      const version = script.headers.get('Dialmark-Version') as string;
      const path = pattern.replace('SITE', site).replace('VERSION', version).replace('REST', rest);
      const plain = await get(path);
      const text = await plain.text();
      expect(shown(plain)).toEqual([200, null, 'Accept-Encoding']);
      const tag = plain.headers.get('ETag') as string;
      expect(tag).toMatch(/^"[0-9a-f]{12}"$/);
      for (const [accepted, coding] of [
        ['gzip, deflate, br, zstd', 'br'],
        ['gzip', 'gzip'],
        ['br;q=0, gzip;q=0.5', 'gzip'],
        ['*', 'br'],
        ['BR', 'br'],
      ] as const) {
        const answer = await get(path, { 'Accept-Encoding': accepted });
        expect([accepted, ...shown(answer)]).toEqual([accepted, 200, coding, 'Accept-Encoding']);
        expect(answer.headers.get('ETag')).toBe(`W/${tag}`);
        expect(await answer.text()).toBe(text);
      }
      for (const accepted of ['', 'identity', 'br;q=0', 'zstd', 'q=1', ';;,'])
        expect(shown(await get(path, { 'Accept-Encoding': accepted }))).toEqual([200, null, 'Accept-Encoding']);
      for (const known of [tag, `W/${tag}`, `"other", W/${tag}`, '*'])
        for (const accepted of ['', 'br']) {
          const answer = await get(path, { 'If-None-Match': known, 'Accept-Encoding': accepted });
          expect([known, answer.status, await answer.text()]).toEqual([known, 304, '']);
          expect(answer.headers.get('Cache-Control')).toBe(plain.headers.get('Cache-Control'));
          expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
        }
      expect((await get(path, { 'If-None-Match': '"other"' })).status).toBe(200);
    },
  );
});

describe('GET /s/{site}.json', () => {
  it('is what createDialmark takes', async () => {
    const site = await newSite(1, { snippet: { lease: 'load' } });
    const answer = await get(`${site}.json`);
    expect(answer.headers.get('Content-Type')).toBe('application/json');
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(await answer.json()).toEqual({
      site,
      edge: 'https://edge.example',
      lease: 'load',
      targets: [expect.objectContaining({ id: 'main', number: '+14155550100', national: '(415) 555-0100' })],
    });
    expect(ORIGIN).not.toBe('https://edge.example');
  });

  it.each(['nobody.json', 'a/b.json', '.json'])('is not found as %s', async (file) => {
    expect((await get(file)).status).toBe(404);
  });
});
