import { describe, expect, it } from 'vitest';
import { shardOf } from '../src/pool/shards/remote-pool.ts';
import { env, newSite, worker } from './edge.ts';

const get = (path: string) => worker(new Request(`https://edge.example/s/${path}`));

describe('the rest of the script', () => {
  it('is served where the script asks for it, and is what the script pins', async () => {
    const site = await newSite(0);
    const script = await (await get(`${site}.js`)).text();
    const [, file = '', hash = ''] = /\["\/s\/[\w-]+\/(rest@[0-9a-f]{12}\.js)","sha256-([^"]+)"\]/.exec(script) ?? [];
    const answer = await get(`${site}/${file}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Cache-Control')).toContain('immutable');
    // Integrity is only checked on scripts that may be read.
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
    const digest = await crypto.subtle.digest('SHA-256', await answer.arrayBuffer());
    expect(btoa(String.fromCharCode(...new Uint8Array(digest)))).toBe(hash);
    // Kept for the day on which another release serves the script that a page has pinned.
    const kept = () => shardOf(env, site, 0).site.rest(file.slice(5, -3));
    await expect.poll(async () => (await kept()).value).toBe(await (await get(`${site}/${file}`)).text());
  });

  it('is a larger one where the site keeps forms, and stays served when it keeps none any more', async () => {
    const site = await newSite(0, { forms: 'count' });
    const partOf = async (site: string) => {
      const script = await (await get(`${site}.js`)).text();
      const [, file = ''] = /"\/s\/[\w-]+\/(rest@[0-9a-f]{12}\.js)"/.exec(script) ?? [];
      return { script, file, text: await (await get(`${site}/${file}`)).text() };
    };
    const [withForms, without] = [await partOf(site), await partOf(await newSite(0))];
    expect(withForms.script).toContain('"forms":"count"');
    expect(without.script).not.toContain('"forms"');
    expect(withForms.file).not.toBe(without.file);
    expect(withForms.text.length).toBeGreaterThan(without.text.length + 2000);
    expect([withForms.text, without.text].map((text) => text.includes('wpcf7mailsent'))).toEqual([true, false]);
    const kept = () => shardOf(env, site, 0).site.rest(withForms.file.slice(5, -3));
    await expect.poll(async () => (await kept()).value).toBe(withForms.text);
  });

  it('stays served when a later release has another', async () => {
    const site = await newSite(0);
    await shardOf(env, site, 0).site.keepRest('0123456789ab', 'earlier');
    const answer = await get(`${site}/rest@0123456789ab.js`);
    expect([answer.status, await answer.text()]).toEqual([200, 'earlier']);
    expect(answer.headers.get('Cache-Control')).toContain('immutable');
  });

  it.each(['rest@ffffffffffff.js', 'rest@.js', 'rest.js', 'other@0123456789ab.js'])(
    'is not found as %s',
    async (file) => {
      const site = await newSite(0);
      expect((await get(`${site}/${file}`)).status).toBe(404);
      expect((await get(`nobody/${file}`)).status).toBe(404);
    },
  );
});
