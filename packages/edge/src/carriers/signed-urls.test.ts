import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { urlCandidates } from './signed-urls.ts';

const VOICE = 'https://edge.example/v1/sites/acme/carriers/twilio/voice';
const candidates = (url: string, headers: Record<string, string> = {}) => [
  ...urlCandidates({ url, headers: new Headers(headers) }),
];

describe('an address as it was signed', () => {
  it.each([
    ['https://EDGE.EXAMPLE/v', 'https://edge.example/v'],
    ['https://Edge.example/v', 'https://edge.example/v'],
    ['https://Edge.Example:443/v', 'https://edge.example/v'],
    ['HTTPS://EDGE.EXAMPLE/v', 'https://edge.example/v'],
    ['https://edge.example/v', 'https://edge.example/v/'],
    ['https://edge.example/v/', 'https://edge.example/v'],
    ['https://edge.example/v', 'http://edge.example/v'],
    ['https://edge.example/a b', 'https://edge.example/a%20b'],
    // Typed, or signed by the carrier, with characters bare that arrive escaped, and the other way round.
    ['https://edge.example/v?a=x@y.example&t=12:30', 'https://edge.example/v?a=x%40y.example&t=12%3A30'],
    ['https://edge.example/v?a=x%40y.example&t=12%3A30', 'https://edge.example/v?a=x@y.example&t=12:30'],
    ['https://edge.example/v?From=+12125550199', 'https://edge.example/v?From=%2B12125550199'],
    ['https://edge.example/v?From=%2B12125550199', 'https://edge.example/v?From=+12125550199'],
    ['https://edge.example/v?n=a%20b', 'https://edge.example/v?n=a+b'],
    ['https://edge.example/v?n=a+b', 'https://edge.example/v?n=a%20b'],
    ['https://edge.example/v?n=a b', 'https://edge.example/v?n=a%20b'],
    ['https://edge.example/v?n=a%2fb', 'https://edge.example/v?n=a%2Fb'],
    [
      'https://EDGE.EXAMPLE/v?To=sip:%2B14155550132@acme.example&n=a%20b',
      'https://edge.example/v?To=sip%3A%2B14155550132%40acme.example&n=a%20b',
    ],
  ])('%s is tried for %s', (signed, received) => {
    expect(candidates(received)).toContain(signed);
  });

  it('has its credentials, which arrive in a header', () => {
    const headers = { authorization: `Basic ${btoa('acme:pa:s@s')}` };
    expect(candidates(VOICE, headers)).toContain(VOICE.replace('edge', 'acme:pa:s@s@edge'));
    const plain = { authorization: `Basic ${btoa('acme:s@s')}` };
    expect(candidates(VOICE, plain)).toContain(VOICE.replace('edge', 'acme:s%40s@edge'));
    expect(candidates(VOICE, { authorization: 'Basic !' })).toEqual(candidates(VOICE));
  });

  it('has the port that a proxy listens on', () => {
    const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'calls.example', 'x-forwarded-port': '8443' };
    expect(candidates('http://10.0.0.7/v', headers)).toContain('https://calls.example:8443/v');
  });

  it('is tried in few spellings, all of which mean the same path and the same fields', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab&=#%+@: /?;\'"<é'), maxLength: 12 });
    const query = fc.array(fc.tuple(text, text), { maxLength: 4 });
    const meaning = (url: string) =>
      [...new URLSearchParams(`&${/\?(.*)$/.exec(url)?.[1] ?? ''}`)].map((pair) =>
        pair.map((part) => part.replaceAll('+', ' ')),
      );
    fc.assert(
      fc.property(query, (fields) => {
        const search = new URLSearchParams(fields).toString();
        const tried = candidates(search === '' ? VOICE : `${VOICE}?${search}`);
        expect(tried.length).toBeLessThanOrEqual(500);
        for (const url of tried) {
          expect(url).toMatch(/^https:\/\/edge\.example(:443)?\/v1\/sites\/acme\/carriers\/twilio\/voice\/?(\?|$)/i);
          expect(url).not.toContain('#');
          expect(meaning(url)).toEqual(fields.map((pair) => pair.map((part) => part.replaceAll('+', ' '))));
        }
      }),
      { numRuns: 200 },
    );
  });
});
