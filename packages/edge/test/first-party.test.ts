import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { describe, expect, it } from 'vitest';
import { app } from '../src/app.ts';
import { BROWSER, env, newSite, worker } from './edge.ts';

const PAGE = 'https://www.acme.example';
const HELD = 'v_1~s_1~1795554518';
const FIRST_PARTY = { origins: [PAGE, 'https://partner.example'], snippet: { cookie: { firstParty: true } } };
/** The edge on a host of the site's own domain. */
const edge = createClient({ edge: 'https://calls.acme.example', fetch: worker });

function headersOf(site: string, more: Record<string, string> = {}): Record<string, string> {
  return { Origin: PAGE, 'User-Agent': BROWSER, Cookie: `other=1; dialmark_${site}=${HELD}`, ...more };
}

function lease(site: string, more: Record<string, string> = {}, visitor: string | null = 'v_1', client = edge) {
  const body = { session: 's_1', visitor, page: { url: `${PAGE}/` } };
  return client.send(api.lease, { site, body, headers: headersOf(site, more) });
}

function event(site: string, type: 'pageview' | 'consent', visitor: string | null, data: object | null = null) {
  const body = { type, session: 's_1', visitor, page: { url: `${PAGE}/` }, data } as never;
  return edge.send(api.event, { site, body, headers: headersOf(site) });
}

describe('an edge on the site’s own domain', () => {
  it('sets the visitor’s cookie again with every answer, and lets the page read it', async () => {
    const site = await newSite(1, FIRST_PARTY);
    const expected = `dialmark_${site}=${HELD}; Path=/; Max-Age=34128000; SameSite=Lax; Secure; Domain=acme.example`;
    for (const answer of [await lease(site), await event(site, 'pageview', 'v_1')]) {
      expect(answer.headers.get('Set-Cookie')).toBe(expected);
      expect(answer.headers.get('Access-Control-Allow-Origin')).toBe(PAGE);
      expect(answer.headers.get('Access-Control-Allow-Credentials')).toBe('true');
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
    }
    const { numbers, ...body } = (await (await lease(site)).json()) as Record<string, unknown>;
    expect(body).toEqual({ visitor: 'v_1', session: 's_1', renewAfterSeconds: expect.any(Number) });
    expect(numbers).toMatchObject({ main: { kind: 'pool' } });
  });

  it('tells the snippet to send it along', async () => {
    const site = await newSite(0, FIRST_PARTY);
    const script = await (await worker(new Request(`https://calls.acme.example/s/${site}.js`))).text();
    expect(script).toContain('"cookie":{"firstParty":true}');
  });

  it('is asked where its script came from, also where the deployment has another address', async () => {
    const edgeOf = async (site: string, more: object) => {
      const asked = new Request(`https://www.acme.example/s/${site}.js`);
      const script = await (await app.fetch(asked, { ...env, ...more })).text();
      return /"edge":"([^"]*)"/.exec(script)?.[1];
    };
    const deployment = { PUBLIC_URL: 'https://calls.agency.example/' };
    for (const more of [{}, deployment]) expect(await edgeOf(await newSite(0, FIRST_PARTY), more)).toBe(undefined);
    expect(await edgeOf(await newSite(0), {})).toBe(undefined);
    expect(await edgeOf(await newSite(0), deployment)).toBe('https://calls.agency.example');
  });

  it('sets nothing that the browser did not send', async () => {
    const site = await newSite(1, FIRST_PARTY);
    for (const cookie of [
      '',
      `dialmark_${site}=v_2~s_1~1`,
      `dialmark_${site}=v_1~s_1~1,evil=1`,
      'dialmark_x=v_1~s_1~1',
    ])
      expect((await lease(site, { Cookie: cookie })).headers.get('Set-Cookie')).toBeNull();
  });

  it('sets nothing where the site does not ask for it', async () => {
    const site = await newSite(1, { origins: [PAGE] });
    expect((await lease(site)).headers.get('Set-Cookie')).toBeNull();
  });

  it('sets nothing on another domain than the page’s', async () => {
    const site = await newSite(1, FIRST_PARTY);
    const elsewhere = createClient({ edge: 'https://dialmark.workers.example', fetch: worker });
    expect((await lease(site, {}, 'v_1', elsewhere)).headers.get('Set-Cookie')).toBeNull();
    expect((await lease(site, { Origin: 'https://partner.example' })).headers.get('Set-Cookie')).toBeNull();
  });

  it('sets nothing for a stranger’s page, which it refuses', async () => {
    const site = await newSite(1, FIRST_PARTY);
    const answer = await lease(site, { Origin: 'https://evil.acme.example' });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('Set-Cookie')).toBeNull();
    expect(answer.headers.get('Access-Control-Allow-Credentials')).toBeNull();
  });

  it('sets nothing without consent, and deletes the cookie when it is withdrawn', async () => {
    const site = await newSite(1, { ...FIRST_PARTY, consent: 'required' });
    expect((await lease(site, {}, null)).headers.get('Set-Cookie')).toBeNull();
    expect((await event(site, 'pageview', null)).headers.get('Set-Cookie')).toBeNull();
    expect((await lease(site)).headers.get('Set-Cookie')).toContain(HELD);
    expect((await event(site, 'consent', 'v_1', { granted: true })).headers.get('Set-Cookie')).toContain(HELD);
    expect((await event(site, 'consent', 'v_1', { granted: false })).headers.get('Set-Cookie')).toBe(
      `dialmark_${site}=; Path=/; Max-Age=0; SameSite=Lax; Secure; Domain=acme.example`,
    );
  });

  it('sets nothing where the browser sends Global Privacy Control', async () => {
    const site = await newSite(1, FIRST_PARTY);
    expect((await lease(site, { 'Sec-GPC': '1' })).headers.get('Set-Cookie')).toBeNull();
  });
});
