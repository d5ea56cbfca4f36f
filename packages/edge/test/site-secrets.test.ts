import { api, type SiteConfigInput } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { describe, expect, it } from 'vitest';
import { alertSecrets } from '../src/pool/monitoring/alerting.ts';
import { poolOf } from '../src/pool/shards/remote-pool.ts';
import { admin, env, newSite, worker } from './edge.ts';

const URL = 'https://hooks.example/services/secret-path';
const secretOf = (letter: string) => `whsec_${btoa(letter.repeat(32))}`;
const stored = async (site: string) => (await poolOf(env, site).site.configuration()).value as never;

describe('where alerts go', () => {
  it('is seen by those who may change the site, and by nobody else', async () => {
    const site = await newSite(1, { alerts: { url: URL } });
    const { token } = await admin.call(api.createToken, { body: { scopes: ['read'] } });
    const reader = createClient({ edge: 'https://edge.example', token, fetch: worker });
    expect((await admin.call(api.getSite, { site })).alerts?.url).toBe(URL);
    expect(JSON.stringify(await reader.call(api.getSite, { site }))).not.toContain('hooks.example');
    expect(JSON.stringify(await reader.call(api.listSites, {}))).not.toContain('hooks.example');
    expect((await reader.send(api.alerts, { site })).status).toBe(403);
    expect((await reader.send(api.listIntegrations, { site })).status).toBe(403);
  });
});

describe('what alerts are signed with', () => {
  it('can be changed with both secrets in use, and is never shown', async () => {
    const site = await newSite(1, { alerts: { url: URL } });
    const [own] = await alertSecrets(env, await stored(site));
    expect((await admin.call(api.alerts, { site })).signingSecret).toBe(own);

    const shown = await admin.call(api.getSite, { site });
    const put = (signingSecret: unknown) =>
      admin.call(api.putSite, { site, body: { ...shown, alerts: { url: URL, signingSecret } } as SiteConfigInput });
    await put([secretOf('b'), own]);
    expect(await alertSecrets(env, await stored(site))).toEqual([secretOf('b'), own]);
    expect((await admin.call(api.alerts, { site })).signingSecret).toBeNull();
    const seen = await admin.call(api.getSite, { site });
    expect(seen.alerts?.signingSecret).toEqual({ configured: true });
    expect(JSON.stringify(await stored(site))).not.toContain(secretOf('b'));

    await admin.call(api.putSite, { site, body: seen as SiteConfigInput });
    expect(await alertSecrets(env, await stored(site))).toEqual([secretOf('b'), own]);
    await put(secretOf('b'));
    expect(await alertSecrets(env, await stored(site))).toEqual([secretOf('b')]);
    await put(null);
    expect(await alertSecrets(env, await stored(site))).toEqual([own]);
  });

  it.each(['secret', 'whsec_short', [], [secretOf('a'), secretOf('b'), secretOf('c')], 7])(
    'is not %j',
    async (given) => {
      const body = { targets: [{ id: 'main', number: '+14155550100' }], alerts: { url: URL, signingSecret: given } };
      expect((await admin.send(api.putSite, { site: 'refused', body: body as SiteConfigInput })).status).toBe(400);
    },
  );
});
