import { runInDurableObject } from 'cloudflare:test';
import { api } from '@dialmark/shared';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { sha256Hex } from '../src/platform/signature.ts';
import { admin, env, newSite, worker } from './edge.ts';

const EDGE = 'https://edge.example';
const OWN = { 'Dialmark-Dashboard': '1', 'Sec-Fetch-Site': 'same-origin' };

const logIn = (token: string, headers: Record<string, string> = OWN) =>
  worker(new Request(`${EDGE}/app/session`, { method: 'POST', headers, body: JSON.stringify({ token }) }));

const cookieOf = (response: Response) => (response.headers.get('Set-Cookie') ?? '').split(';')[0] as string;

let site: string;
let cookie: string;
beforeAll(async () => {
  site = await newSite(0);
  cookie = cookieOf(await logIn('test-admin-token'));
});

const get = (headers: Record<string, string>) => worker(new Request(`${EDGE}/v1/sites/${site}`, { headers }));
const patch = (headers: Record<string, string>) =>
  worker(new Request(`${EDGE}/v1/tokens/none`, { method: 'DELETE', headers }));

describe('the dashboard session', () => {
  it('is a cookie that no script reads and no other site sends, and that holds no token', async () => {
    const response = await logIn('test-admin-token');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ scopes: ['admin'], site: null, token: null });
    const set = response.headers.get('Set-Cookie') ?? '';
    expect(set).toMatch(
      /^__Host-dialmark_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure$/,
    );
    expect(set).not.toContain('test-admin-token');
  });

  it('opens what its token opens, for pages of this origin', async () => {
    expect((await get({ Cookie: cookie, ...OWN })).status).toBe(200);
    expect((await get({ Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(200);
    expect((await get({ Cookie: `other=1; ${cookie}`, Origin: EDGE })).status).toBe(200);
  });

  it.each([
    ['another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a sibling subdomain', { 'Sec-Fetch-Site': 'same-site' }],
    ['another origin', { Origin: 'https://evil.example' }],
    ['an opaque origin', { Origin: 'null' }],
    ['nobody knows where', {}],
  ])('is nothing when the request comes from %s', async (_, headers) => {
    expect((await get({ Cookie: cookie, ...headers })).status).toBe(401);
    expect((await patch({ Cookie: cookie, ...headers })).status).toBe(401);
    expect((await logIn('test-admin-token', { 'Dialmark-Dashboard': '1', ...headers })).status).toBe(
      Object.keys(headers).length > 0 ? 403 : 200,
    );
  });

  it('changes nothing without the header that a form cannot send', async () => {
    expect((await patch({ Cookie: cookie, Origin: EDGE, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(401);
    expect((await patch({ Cookie: cookie, ...OWN })).status).toBe(404);
  });

  it('never stands in for a bearer token that was sent and is wrong', async () => {
    expect((await get({ Cookie: cookie, ...OWN, Authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await get({ Cookie: cookie, ...OWN, Authorization: 'nonsense' })).status).toBe(401);
  });

  it('is refused when it was made up, cut or changed', async () => {
    const name = '__Host-dialmark_session=';
    for (const made of [name, `${name}v1.a.b`, `${name}${'A'.repeat(43)}`, cookie.slice(0, -4), `${cookie}AAAA`]) {
      expect((await get({ Cookie: made, ...OWN })).status).toBe(401);
    }
  });

  it('reaches as far as its token, and ends with it', async () => {
    const { token, id } = await admin.call(api.createToken, { body: { scopes: ['read'], site, name: 'Reports' } });
    const reader = cookieOf(await logIn(token));
    const told = await worker(new Request(`${EDGE}/app/session`, { headers: { Cookie: reader, ...OWN } }));
    expect(await told.json()).toEqual({ scopes: ['read'], site, token: { id, name: 'Reports' } });
    expect((await get({ Cookie: reader, ...OWN })).status).toBe(200);
    expect((await patch({ Cookie: reader, ...OWN })).status).toBe(403);
    await admin.call(api.deleteToken, { id });
    expect((await get({ Cookie: reader, ...OWN })).status).toBe(401);
  });

  it('is not opened by a token that nobody made, nor by nonsense', async () => {
    expect((await logIn('dm_wrong')).status).toBe(401);
    expect((await logIn('')).status).toBe(400);
    const nonsense = await worker(new Request(`${EDGE}/app/session`, { method: 'POST', headers: OWN, body: '{' }));
    expect(nonsense.status).toBe(400);
    expect(nonsense.headers.get('Set-Cookie')).toBeNull();
  });

  it('ends on request, for whoever kept the cookie as well', async () => {
    const [mine, other] = [cookieOf(await logIn('test-admin-token')), cookieOf(await logIn('test-admin-token'))];
    const ended = await worker(
      new Request(`${EDGE}/app/session`, { method: 'DELETE', headers: { Cookie: mine, ...OWN } }),
    );
    expect(ended.status).toBe(204);
    expect(ended.headers.get('Set-Cookie')).toMatch(/^__Host-dialmark_session=; Path=\/; Max-Age=0;/);
    expect((await get({ Cookie: mine, ...OWN })).status).toBe(401);
    expect((await get({ Cookie: other, ...OWN })).status).toBe(200);
    expect((await worker(new Request(`${EDGE}/app/session`))).status).toBe(401);
  });

  it('is not ended by a page of elsewhere', async () => {
    for (const site of ['same-site', 'cross-site']) {
      const headers = { Cookie: cookie, 'Dialmark-Dashboard': '1', 'Sec-Fetch-Site': site };
      expect((await worker(new Request(`${EDGE}/app/session`, { method: 'DELETE', headers }))).status).toBe(403);
    }
    expect((await get({ Cookie: cookie, ...OWN })).status).toBe(200);
  });

  it('is no other than the one logged in to: a cookie that a sibling subdomain can set is not looked at', async () => {
    const planted = cookieOf(await logIn('test-admin-token')).replace('__Host-', '');
    expect((await get({ Cookie: planted, ...OWN })).status).toBe(401);
    expect((await get({ Cookie: `${planted}; ${cookie}`, ...OWN })).status).toBe(200);
  });

  it('makes way for the next one of the same browser', async () => {
    const before = cookieOf(await logIn('test-admin-token'));
    const after = cookieOf(await logIn('test-admin-token', { Cookie: before, ...OWN }));
    expect(after).not.toBe(before);
    expect((await get({ Cookie: before, ...OWN })).status).toBe(401);
    expect((await get({ Cookie: after, ...OWN })).status).toBe(200);
  });

  it('ends after seven days', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const short = cookieOf(await logIn('test-admin-token'));
    vi.setSystemTime(Date.now() + 7 * 86_400_000 - 60_000);
    expect((await get({ Cookie: short, ...OWN })).status).toBe(200);
    vi.setSystemTime(Date.now() + 120_000);
    expect((await get({ Cookie: short, ...OWN })).status).toBe(401);
    vi.useRealTimers();
  });

  it('is kept as a hash only', async () => {
    const value = cookieOf(await logIn('test-admin-token')).split('=')[1] as string;
    const kept = await runInDurableObject(env.DIRECTORY.getByName('directory'), (_, { storage }) =>
      JSON.stringify(storage.sql.exec('SELECT * FROM sessions').toArray()),
    );
    expect(kept).not.toContain(value);
    expect(kept).toContain(await sha256Hex(value));
  });

  it('goes by another name without TLS, where browsers take no cookie of that one', async () => {
    const plain = 'http://10.0.0.7:8787';
    const headers = { 'Dialmark-Dashboard': '1', Origin: plain };
    const opened = await worker(
      new Request(`${plain}/app/session`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ token: 'test-admin-token' }),
      }),
    );
    expect(opened.headers.get('Set-Cookie')).toMatch(
      /^dialmark_session=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/,
    );
    const read = await worker(
      new Request(`${plain}/v1/sites/${site}`, { headers: { Cookie: cookieOf(opened), ...headers } }),
    );
    expect(read.status).toBe(200);
  });
});
