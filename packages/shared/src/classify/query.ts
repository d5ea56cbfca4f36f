import { MARK, withoutFragment } from './paid-or-tagged.ts';

/** An address is asked for its tags and then for its click ids: the last one read is remembered. */
let last: { address: string; parameters: ReadonlyMap<string, string> } = { address: '', parameters: new Map() };

/**
 * Returns the parameters of an address, read without judging the address: relative, malformed or empty ones are read as far
 * as they go. Names are lower-cased; of a parameter sent twice the first that says something counts; values are trimmed.
 * A tag or click id is found behind a second `?`, behind `;`, and behind `&` that was escaped once too often or has
 * space after it.
 */
export function queryOf(address: string): ReadonlyMap<string, string> {
  if (address === last.address) return last.parameters;
  const parameters = new Map<string, string>();
  for (const pair of queryText(address).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals))
      .toLowerCase()
      .replace(AMP, '');
    if (!parameters.get(name)) parameters.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1)).trim());
  }
  last = { address, parameters };
  return parameters;
}

/** The remainder of `&amp;` before a name. */
const AMP = /^(?:amp;)+/;

/** As `URLSearchParams` decodes (https://url.spec.whatwg.org/#urlencoded-parsing), of which this is the quick part. */
function decode(text: string): string {
  if (!/[%+\ud800-\udfff]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).toWellFormed();
  } catch {
    return new URLSearchParams(`x=${text}`).get('x') as string;
  }
}

function queryText(address: string): string {
  const whole = withoutFragment(address);
  const start = whole.search(QUERY);
  if (start < 0) return '';
  // Tags that were appended to an address without a query, with `&`, are followed by that query.
  const text = whole[start] === '?' ? whole.slice(start + 1) : whole.slice(start).replace('?', '&');
  return text.replace(MISWRITTEN, '&');
}

const TAG = `(?=${MARK.source.replace(/^\(.*?\)/, '')})`;
/** Returns the start of the query: at `?`, or at a tag before it. */
const QUERY = new RegExp(`\\?|(?:[&;]|%(?:25)?26|%3b)${TAG}`, 'i');
/** Variants of `&` before a tag. Only there: `?`, `;` and `&amp;` may be part of any other value. */
const MISWRITTEN = new RegExp(
  `(?:(?:&|%26)(?:(?:amp|#0*38|#x26)(?:;|%3b))+|[&?;]|%(?:25)?26|%3b)(?:%20|\\+)*${TAG}`,
  'gi',
);
