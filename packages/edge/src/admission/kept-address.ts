import { CLICK_IDS, UTM_TAGS } from '@dialmark/shared';

/** The length at which stored addresses are cut: real ones are shorter, and a visit stores several. */
const KEPT = 1024;
/** Additional length for the parameters that show where a visit came from. */
const TELLING_KEPT = 1536;
/** The limits of the part before the query, and of one parameter. */
const PART_KEPT = 512;

const CLICK: ReadonlySet<string> = new Set(CLICK_IDS.map((name) => name.toLowerCase()));
const TAGS: ReadonlySet<string> = new Set(UTM_TAGS);

/**
 * Returns the address as it is stored: as it came where it is short, else without its fragment and without what is too long of
 * it. Click ids are kept before tags, tags before all else, in the order they came in.
 */
export function keptAddress(address: string): string {
  if (address.length <= KEPT) return address;
  const [whole = ''] = address.split('#', 1);
  const start = whole.indexOf('?');
  const path = cut(start < 0 ? whole : whole.slice(0, start));
  const pairs = start < 0 ? [] : whole.slice(start + 1).split('&');
  const named = pairs.map((pair) => ({ pair, name: nameOf(pair) }));
  const kept = new Map<number, string>();
  const keep = (most: number, chosen: (name: string) => boolean, shorten: (pair: string) => string) => {
    const seen = new Set<string>();
    let length = path.length + [...kept.values()].reduce((sum, pair) => sum + pair.length + 1, 0);
    named.forEach(({ pair, name }, index) => {
      if (pair === '' || !chosen(name)) return;
      const short = shorten(pair);
      if (seen.has(short) || short.length > PART_KEPT || length + short.length + 1 > most) return;
      seen.add(short);
      kept.set(index, short);
      length += short.length + 1;
    });
  };
  // Half a click id is none; half a tag still says which campaign it was.
  keep(TELLING_KEPT, (name) => CLICK.has(name), String);
  keep(TELLING_KEPT, (name) => TAGS.has(name), cut);
  keep(KEPT, (name) => !CLICK.has(name) && !TAGS.has(name), String);
  const query = [...kept].sort(([a], [b]) => a - b).map(([, pair]) => pair);
  return (query.length === 0 ? path : `${path}?${query.join('&')}`).toWellFormed();
}

/** Not in the midst of an escape. */
function cut(text: string): string {
  return text.length <= PART_KEPT ? text : text.slice(0, PART_KEPT).replace(/%[0-9a-f]?$/i, '');
}

function nameOf(pair: string): string {
  const equals = pair.indexOf('=');
  return (equals < 0 ? pair : pair.slice(0, equals)).toLowerCase();
}
