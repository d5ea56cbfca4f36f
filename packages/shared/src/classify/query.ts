/** An address is asked for its tags and then for its click ids: the last one read is remembered. */
let last: { address: string; parameters: ReadonlyMap<string, string> } = { address: '', parameters: new Map() };

/**
 * The parameters of an address, read without judging the address: relative, malformed or empty ones are read as far
 * as they go. Names are lower-cased; of a parameter sent twice the first counts; values are trimmed.
 */
export function queryOf(address: string): ReadonlyMap<string, string> {
  if (address === last.address) return last.parameters;
  const parameters = new Map<string, string>();
  for (const pair of queryText(address).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals)).toLowerCase();
    if (!parameters.has(name)) parameters.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1)).trim());
  }
  last = { address, parameters };
  return parameters;
}

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
  const hash = address.indexOf('#');
  const whole = hash < 0 ? address : address.slice(0, hash);
  const start = whole.indexOf('?');
  return start < 0 ? '' : whole.slice(start + 1);
}
