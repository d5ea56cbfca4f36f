import { expect, it } from 'vitest';
import { landingPath } from './landing-path.ts';

it.each([
  ['https://acme.example/roof/repair?utm_source=a#top', '/roof/repair'],
  ['https://acme.example', '/'],
  ['/roof?a=b', '/roof'],
  ['roof', '/roof'],
  ['?a=b', '/'],
  ['', '/'],
  ['https://[bad', '/'],
  ['javascript:alert(1)', '/'],
])('the landing path of "%s" is %s', (url, path) => {
  expect(landingPath(url)).toBe(path);
});
