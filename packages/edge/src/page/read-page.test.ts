import { describe, expect, it } from 'vitest';
import { pageError, readPage } from './read-page.ts';

const ACME = 'https://acme.example';
const reading = (answers: Record<string, Response>, origins = [ACME]) => ({
  origins,
  local: false,
  fetch: (async (url: string) => {
    const answer = answers[url];
    if (!answer) throw new TypeError(`nothing at ${url}`);
    return answer;
  }) as unknown as typeof fetch,
});
const html = (text: string, headers: Record<string, string> = {}) =>
  new Response(text, { headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers } });
const redirect = (to: string) => new Response(null, { status: 302, headers: { Location: to } });

describe('pageError', () => {
  const error = (address: string, origins = [ACME], local = false) => pageError(address, { origins, local });

  it("lets pages of the site's own addresses be asked for, also by plain http, and nothing else", () => {
    expect(error(`${ACME}/contact?a=b`)).toBeNull();
    expect(error('http://old.example/', ['http://old.example'])).toBeNull();
    expect(error('https://www.acme.example/')).toContain('not on one of');
    expect(error('acme.example')).toContain('must be an address');
    expect(error('file:///etc/passwd', ['file://'])).toContain('https://');
  });

  it('asks no inner address, though a site names it as its own', () => {
    for (const origin of ['http://127.0.0.1:8080', 'http://169.254.169.254', 'http://localhost', 'http://db.internal'])
      expect(error(`${origin}/`, [origin])).not.toBeNull();
    expect(error('http://127.0.0.1:8080/', ['http://127.0.0.1:8080'], true)).toBeNull();
    expect(error('http://169.254.169.254/', ['http://169.254.169.254'], true)).not.toBeNull();
  });
});

describe('readPage', () => {
  it('gives the page and the policy it came with', async () => {
    const page = html('<p>(415) 555-0100</p>', { 'Content-Security-Policy': "script-src 'self'" });
    expect(await readPage(`${ACME}/`, reading({ [`${ACME}/`]: page }))).toEqual({
      url: `${ACME}/`,
      status: 200,
      error: null,
      html: '<p>(415) 555-0100</p>',
      contentSecurityPolicy: "script-src 'self'",
    });
  });

  it('follows redirects within the site, and tells of those that lead away', async () => {
    const answers = () => ({ [`${ACME}/`]: redirect('/home'), [`${ACME}/home`]: html('home') });
    expect(await readPage(`${ACME}/`, reading(answers()))).toMatchObject({ url: `${ACME}/home`, html: 'home' });
    const away = reading({ [`${ACME}/`]: redirect('http://169.254.169.254/latest/') });
    expect(await readPage(`${ACME}/`, away)).toMatchObject({ status: 302, html: null, error: expect.any(String) });
  });

  it('ends where a page redirects in a circle', async () => {
    const circle = { ...reading({}), fetch: (async () => redirect('/')) as unknown as typeof fetch };
    expect(await readPage(`${ACME}/`, circle)).toMatchObject({ error: 'It redirects in a loop.' });
  });

  it('reads other encodings, and no more than the beginning of an endless page', async () => {
    const latin = new Response(Uint8Array.of(0xfc), { headers: { 'Content-Type': 'text/html; charset=iso-8859-1' } });
    expect(await readPage(`${ACME}/`, reading({ [`${ACME}/`]: latin }))).toMatchObject({ html: 'ü' });
    const odd = html('a', { 'Content-Type': 'text/html; charset=klingon' });
    expect(await readPage(`${ACME}/`, reading({ [`${ACME}/`]: odd }))).toMatchObject({ html: 'a' });
    let served = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        served++;
        controller.enqueue(new Uint8Array(100_000).fill(97));
      },
    });
    const page = new Response(endless, { headers: { 'Content-Type': 'text/html' } });
    const { html: text } = await readPage(`${ACME}/`, reading({ [`${ACME}/`]: page }));
    expect(text).toHaveLength(2_000_000);
    expect(served).toBeLessThan(30);
  });

  it('says why there is no page', async () => {
    expect(await readPage(`${ACME}/`, reading({}))).toMatchObject({
      status: null,
      error: 'The address is not responding.',
    });
    const picture = new Response('GIF89a', { headers: { 'Content-Type': 'image/gif' } });
    expect(await readPage(`${ACME}/`, reading({ [`${ACME}/`]: picture }))).toMatchObject({
      html: null,
      error: 'The response is not an HTML page.',
    });
  });
});
