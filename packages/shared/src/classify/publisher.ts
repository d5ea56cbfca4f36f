/// <reference path="./punycode.d.ts" />
import { toUnicode } from 'punycode/punycode.es6.js';

/** AMP caches (https://cdn.ampproject.org/caches.json) and Google Translate, which show pages of others. */
const SHOWN_BY =
  /^(?:([^.]+)\.)?(?:cdn\.ampproject\.org|(?:www\.)?bing-amp\.com|amp\.cloudflare\.com|translate\.goog)$/;

/**
 * Returns the host of the page that an AMP cache or Google Translate shows under `host`: `acme-example.cdn.ampproject.org`
 * shows `acme.example`. Null if it is neither, or does not say.
 * https://amp.dev/documentation/guides-and-tutorials/learn/amp-caches-and-cors/amp-cache-urls
 */
export function publisherOf(host: string, path: string): string | null {
  const shown = SHOWN_BY.exec(host);
  return shown && (ofSubdomain(shown[1] ?? '') ?? ofPath(path));
}

/** Dots are written as dashes and dashes twice; what would then look like Punycode stands between `0-` and `-0`. */
function ofSubdomain(subdomain: string): string | null {
  const label = subdomain.replace(/^0-(.*)-0$/, '$1');
  const name = unicode(label).replace(/--|-/g, (dashes) => (dashes === '--' ? '-' : '.'));
  return name.includes('.') ? canonical(name) : null;
}

/** As in `/c/s/acme.example/roof`: kind of document, `s` for https, host. */
function ofPath(path: string): string | null {
  const host = /^\/[a-z]\/(?:s\/)?([^/]+\.[^/]+)/.exec(path)?.[1];
  return host === undefined ? null : canonical(host);
}

function unicode(label: string): string {
  try {
    return toUnicode(label);
  } catch {
    return label;
  }
}

function canonical(host: string): string | null {
  const address = `https://${host}/`;
  return URL.canParse(address) ? new URL(address).hostname : null;
}
