/**
 * The parameters of an address, read without judging the address: relative, malformed or empty ones are read as far
 * as they go. Names are lower-cased; of a parameter sent twice the first counts; values are trimmed.
 */
export function queryOf(address: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(queryText(address))) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, value.trim());
  }
  return parameters;
}

function queryText(address: string): string {
  const hash = address.indexOf('#');
  const whole = hash < 0 ? address : address.slice(0, hash);
  const start = whole.indexOf('?');
  return start < 0 ? '' : whole.slice(start + 1);
}
