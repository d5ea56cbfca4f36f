import { describe, expect, it } from 'vitest';
import { ampOrigin } from './amp-origin.ts';

describe('ampOrigin', () => {
  it.each([
    ['https://acme.example', null, 'https://acme.example'],
    ['https://acme.example', 'https://acme.example', 'https://acme.example'],
    // A page of the site itself sends no Origin along with AMP-Same-Origin.
    [null, 'https://acme.example', 'https://acme.example'],
    ['https://acme-example.cdn.ampproject.org', 'https://acme.example', 'https://acme.example'],
    ['https://www-my--roof-example.cdn.ampproject.org', 'https://www.my-roof.example', 'https://www.my-roof.example'],
    // Another page's cache, or no cache at all, cannot speak for the site.
    ['https://evil-example.cdn.ampproject.org', 'https://acme.example', 'https://evil-example.cdn.ampproject.org'],
    [
      'https://acme-example.cdn.ampproject.org.evil.example',
      'https://acme.example',
      'https://acme-example.cdn.ampproject.org.evil.example',
    ],
    ['https://evil.example', 'https://acme.example', 'https://evil.example'],
    // Dashes as third and fourth character, in the subdomain and in the host.
    ['https://0-en--us-example-0.cdn.ampproject.org', 'https://en-us.example', 'https://en-us.example'],
    ['https://en--us-example.cdn.ampproject.org', 'https://en-us.example', 'https://en--us-example.cdn.ampproject.org'],
    // International names, whichever way the page writes its origin.
    [
      'https://xn--bcher-example-wob.cdn.ampproject.org',
      'https://xn--bcher-kva.example',
      'https://xn--bcher-kva.example',
    ],
    ['https://xn--bcher-example-wob.www.bing-amp.com', 'https://bücher.example', 'https://xn--bcher-kva.example'],
    [
      'https://xn--bcher-kva-example.cdn.ampproject.org',
      'https://xn--bcher-kva.example',
      'https://xn--bcher-kva-example.cdn.ampproject.org',
    ],
    ['https://acme-example.cdn.ampproject.org', 'no address', 'https://acme-example.cdn.ampproject.org'],
    [null, null, null],
  ])('%s for %s is %s', async (origin, source, stands) => {
    expect(await ampOrigin(origin, source)).toBe(stands);
  });
});
