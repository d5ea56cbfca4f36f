import { describe, expect, it } from 'vitest';
import { EDGE, sent } from '../../test/carriers/fixtures.ts';
import { fields, jsonBody, statusUrlOf } from './incoming.ts';
import { urlCandidates } from './signed-urls.ts';

const url = `${EDGE}/twilio/voice`;
const candidates = (address: string, headers: Record<string, string> = {}, publicBaseUrl?: string) => [
  ...urlCandidates({ url: address, headers: new Headers(headers), publicBaseUrl }),
];

describe('addresses a carrier may have signed', () => {
  it('are the one received, with and without the scheme’s port', () => {
    expect(candidates(url).slice(0, 1)).toEqual([url]);
    expect(candidates(url)).toContain(url.replace('.example/', '.example:443/'));
    expect(candidates('http://127.0.0.1:8787/a').filter((one) => /^http:.*a$/.test(one))).toEqual([
      'http://127.0.0.1:8787/a',
      'http://127.0.0.1/a',
      'http://127.0.0.1:80/a',
    ]);
  });

  it('include the scheme and host that a proxy says it was asked for', () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'calls.acme.example' };
    expect(candidates('http://10.0.0.7:8787/v1/x?a=1', headers)).toEqual(
      expect.arrayContaining(['https://calls.acme.example/v1/x?a=1', 'https://10.0.0.7/v1/x?a=1']),
    );
  });

  it('include the configured public address, path and all', () => {
    const [first] = candidates('http://10.0.0.7/v1/x', {}, 'https://acme.example/dialmark/');
    expect(first).toBe('https://acme.example/dialmark/v1/x');
  });

  it('never take a path, a user or a query from a header', () => {
    for (const host of ['evil.example/v1/sites/other', 'a@evil.example', 'evil.example?x=', 'evil.example#', ' ']) {
      for (const candidate of candidates(url, { 'x-forwarded-host': host })) {
        expect(candidate).toMatch(
          /^https:\/\/edge\.acme\.example(:443)?\/v1\/sites\/acme\/carriers\/twilio\/voice\/?$/i,
        );
      }
    }
    expect(candidates(url, { 'x-forwarded-proto': 'javascript' })).toEqual(candidates(url));
  });

  it('include the query with quotes bare, as a carrier signs what was typed into its console', () => {
    expect(candidates('https://e.example/v?n=O%27Neil')).toContain("https://e.example/v?n=O'Neil");
  });

  it('are none where the address is none', () => {
    expect(candidates('not an address')).toEqual([]);
    expect(candidates('https://user@e.example/')).toEqual([]);
  });
});

describe('a request taken apart', () => {
  it('knows its endpoint by the end of the path alone', () => {
    expect(sent({ url: `${EDGE}/twilio/status?x=/voice` }).endpoint).toBe('status');
    expect(sent({ url: `${EDGE}/twilio/voice?x=/status` }).endpoint).toBe('voice');
  });

  it('knows where callbacks go: to the address the carrier was given, not to the one behind the proxy', () => {
    expect(statusUrlOf(sent({ url: `${url}?a=/voice` }))).toBe(`${EDGE}/twilio/status`);
    expect(statusUrlOf(sent({ url: `${EDGE}/twilio/status?step=1` }))).toBe(`${EDGE}/twilio/status`);
    const behind = { url: 'http://10.0.0.7:8787/v1/sites/acme/carriers/twilio/voice' };
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'edge.acme.example' };
    expect(statusUrlOf(sent({ ...behind, headers }))).toBe(`${EDGE}/twilio/status`);
    expect(statusUrlOf(sent({ ...behind, publicBaseUrl: 'https://edge.acme.example' }))).toBe(`${EDGE}/twilio/status`);
  });

  it('reads carrier fields from the form of a POST and the query of a GET, never both', () => {
    expect(fields(sent({ url: `${url}?From=query`, form: { From: 'form' } })).getAll('From')).toEqual(['form']);
    expect(fields(sent({ url: `${url}?From=query` })).get('From')).toBeNull();
    expect(fields(sent({ method: 'GET', url: `${url}?From=query` })).get('From')).toBe('query');
  });

  it('reads a form only where the content type says so', () => {
    const body = 'CallSid=CA1';
    expect(sent({ url, rawBody: body, headers: { 'content-type': 'text/plain' } }).form.size).toBe(0);
    const charset = { 'content-type': 'Application/X-WWW-Form-URLEncoded; charset=utf-8' };
    expect(sent({ url, rawBody: body, headers: charset }).form.get('CallSid')).toBe('CA1');
  });

  it.each(['', '{', 'null', '[]', '"text"', '1', '{"a":'])('has no JSON object in %j', (rawBody) => {
    expect(jsonBody(sent({ url, rawBody }))).toBeNull();
  });
});
