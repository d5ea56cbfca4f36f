const NEEDED = 'This is needed.';

/** What the API says of a field, by its beginning, and how one says it to people. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^must be an E\.164 number/, 'Write the whole number with its country code, such as +14155550132.'],
  [/^must be an origin/, 'Write the address of the website, such as https://acme.example.'],
  [/^Invalid URL/i, 'Write a whole address, such as https://acme.example/hooks.'],
  [/^Invalid email/i, 'Write an email address.'],
  [/^Invalid (type|integer|finite|value): Expected (number|integer|finite)\b/i, 'Write a number.'],
  [/^Invalid integer/i, 'Write a whole number.'],
  [/^Invalid (type|key|length): .* received (undefined|null|0|"")$/i, NEEDED],
  [/^must not be empty/, NEEDED],
  [/^must hold the secrets/, NEEDED],
  [/^Invalid length: Expected <=(\d+)/i, 'That is too long: at most $1.'],
  [/^Invalid value: Expected >=(\S+)/i, 'At least $1.'],
  [/^Invalid value: Expected <=(\S+)/i, 'At most $1.'],
];

/** A field's fault, of the API's words, for whoever fills the field in. */
export function plainWords(message: string): string {
  for (const [says, plain] of WORDS) {
    const found = says.exec(message);
    if (found) return plain.replace('$1', found[1] ?? '');
  }
  const sentence = /^(must|is|has|may|can) /.test(message) ? `It ${message}` : message;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${/[.!?]$/.test(sentence) ? '' : '.'}`;
}
