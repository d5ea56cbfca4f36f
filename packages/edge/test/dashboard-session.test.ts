import { api } from '@dialmark/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import { admin, newSite, worker } from './edge.ts';

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
    expect(await response.json()).toEqual({ scopes: ['admin'], site: null });
    const set = response.headers.get('Set-Cookie') ?? '';
    expect(set).toMatch(/^dialmark_session=v1\.[\w.-]+; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict; Secure$/);
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
    for (const made of ['dialmark_session=', 'dialmark_session=v1.a.b', cookie.slice(0, -4), `${cookie}AAAA`]) {
      expect((await get({ Cookie: made, ...OWN })).status).toBe(401);
    }
  });

  it('reaches as far as its token, and ends with it', async () => {
    const { token, id } = await admin.call(api.createToken, { body: { scopes: ['read'], site } });
    const reader = cookieOf(await logIn(token));
    const told = await worker(new Request(`${EDGE}/app/session`, { headers: { Cookie: reader, ...OWN } }));
    expect(await told.json()).toEqual({ scopes: ['read'], site });
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

  it('ends on request', async () => {
    const ended = await worker(new Request(`${EDGE}/app/session`, { method: 'DELETE', headers: OWN }));
    expect(ended.status).toBe(204);
    expect(ended.headers.get('Set-Cookie')).toMatch(/^dialmark_session=; Path=\/; Max-Age=0;/);
    expect((await worker(new Request(`${EDGE}/app/session`))).status).toBe(401);
  });
});
