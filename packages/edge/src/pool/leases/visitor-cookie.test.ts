import { describe, expect, it } from 'vitest';
import { visitorCookies } from '../../http/visitor-cookies.ts';
import { setCookie } from '../../platform/cookie.ts';
import { visitorCookie } from './visitor-cookie.ts';

const VISIT = { visitor: 'v_1', session: 's_1' };
const HELD = 'v_1~s_1~1795554518';

function siteOf(origins: string[], cookie: object = { firstParty: true }) {
  return { id: 'acme', origins, snippet: { cookie } } as Parameters<typeof visitorCookie>[0];
}

function domainFor(origin: string, host: string, origins = [origin]): string | null {
  const cookie = visitorCookie(siteOf(origins), VISIT, { origin, host, cookies: [HELD] }, false);
  return cookie && (cookie.domain ?? 'the host only');
}

const headerOf = (policy: ReturnType<typeof visitorCookie>) => policy && setCookie(policy);

describe('the visitor cookie set by the edge', () => {
  it('is the one the browser sent, for the configured time', () => {
    const bearer = { origin: 'https://www.acme.example', host: 'calls.acme.example', cookies: ['v_0~s_0~1', HELD] };
    expect(headerOf(visitorCookie(siteOf(['https://www.acme.example']), VISIT, bearer, false))).toBe(
      `dialmark_acme=${HELD}; Path=/; Max-Age=34128000; SameSite=Lax; Secure; Domain=acme.example`,
    );
    const short = siteOf(['https://www.acme.example'], { firstParty: true, days: 30 });
    expect(headerOf(visitorCookie(short, VISIT, bearer, false))).toContain('Max-Age=2592000;');
  });

  it.each([
    ['https://www.acme.example', 'calls.acme.example', 'acme.example'],
    ['https://acme.example', 'calls.acme.example', 'acme.example'],
    ['https://acme.example:8443', 'acme.example', 'acme.example'],
    ['https://shop.acme.co.uk', 'calls.acme.co.uk', 'acme.co.uk'],
    // Browsers refuse this one.
    ['https://acme.co.uk', 'dialmark.co.uk', 'co.uk'],
    ['http://127.0.0.1:8080', '127.0.0.1', 'the host only'],
    ['http://[::1]:8080', '[::1]', 'the host only'],
    ['http://localhost:8080', 'localhost', 'the host only'],
    ['https://10.0.0.1', '11.0.0.1', null],
    ['https://acme.example', 'dialmark.example', null],
    ['https://notacme.example', 'acme.example', null],
    ['https://acme.example', 'acme.example.evil.test', null],
  ])('of %s at the edge %s is for %s', (origin, host, domain) => {
    expect(domainFor(origin, host)).toBe(domain);
  });

  it('is for the widest of the site’s own hosts that page and edge are below', () => {
    const origins = ['https://www.acme.co.uk', 'https://acme.co.uk', 'https://other.co.uk'];
    expect(domainFor('https://www.acme.co.uk', 'www.acme.co.uk', origins)).toBe('acme.co.uk');
    expect(domainFor('https://a.b.acme.example', 'a.b.acme.example', ['https://*.acme.example'])).toBe('acme.example');
    expect(domainFor('https://www.acme.example', 'www.acme.example')).toBe('www.acme.example');
  });

  it.each([
    ['the site does not say so', siteOf(['https://acme.example'], {}), HELD, VISIT],
    ['nothing is stored', siteOf(['https://acme.example']), '', VISIT],
    ['the visit is not the stored one', siteOf(['https://acme.example']), 'v_1~s_2~1', VISIT],
    ['the visitor is not named', siteOf(['https://acme.example']), HELD, { visitor: null, session: 's_1' }],
  ])('is not set where %s', (_, site, held, visit) => {
    const bearer = { origin: 'https://acme.example', host: 'acme.example', cookies: [held] };
    expect(visitorCookie(site, visit, bearer, false)).toBeNull();
  });

  it('is not set for pages of no origin, or none that could be read', () => {
    const bearer = { host: 'acme.example', cookies: [HELD] };
    for (const origin of [null, 'null', 'https://'])
      expect(visitorCookie(siteOf([]), VISIT, { ...bearer, origin }, false)).toBeNull();
  });

  it('is deleted when consent is withdrawn, whether or not it came along', () => {
    const bearer = { origin: 'http://acme.example', host: 'acme.example', cookies: [] };
    expect(headerOf(visitorCookie(siteOf(['http://acme.example']), VISIT, bearer, true))).toBe(
      'dialmark_acme=; Path=/; Max-Age=0; SameSite=Lax; Domain=acme.example',
    );
  });
});

describe('the cookies of a request', () => {
  it.each([
    [null, []],
    ['', []],
    [`a=1; dialmark_acme=${HELD}; b=2`, [HELD]],
    [`dialmark_acme=${HELD};dialmark_acme=v_2~s_2~1`, [HELD, 'v_2~s_2~1']],
    [`xdialmark_acme=${HELD}; dialmark_acme2=${HELD}; dialmark_acme`, []],
    ['dialmark_acme=v_1~s_1; dialmark_acme=v 1~s_1~1; dialmark_acme=v_1~s_1~1,x; dialmark_acme="v_1~s_1~1"', []],
    [`dialmark_acme=${'v'.repeat(129)}~s_1~1; dialmark_acme=v_1~s_1~1\r\nX: y`, []],
  ])('%j holds %j', (header, values) => {
    expect(visitorCookies('acme', header)).toEqual(values);
  });

  it('are read to a bound', () => {
    expect(visitorCookies('acme', `dialmark_acme=${HELD};`.repeat(1000))).toHaveLength(5);
  });
});
