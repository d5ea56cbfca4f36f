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
    [null, null, null],
  ])('%s for %s is %s', (origin, source, stands) => {
    expect(ampOrigin(origin, source)).toBe(stands);
  });
});
