import type { FieldCode, FieldError } from '@dialmark/shared';

/** What people are told to do about a code, where the API's words are for programmers. */
const WORDS: Partial<Record<FieldCode, string>> = {
  required: 'This field is required.',
  not_e164: 'Enter the full number with its country code, such as +14155550132.',
  not_a_number: 'Enter a number.',
  not_an_integer: 'Enter a whole number.',
};

/** Returns what is wrong with a field as a sentence for the person who fills it in. */
export function plainWords({ code, message }: Pick<FieldError, 'code' | 'message'>): string {
  const sentence = /^(must|is|has|may|can|comes) /.test(message) ? `It ${message}` : message;
  // A rule that is missing its conditions says so itself.
  const words = code === 'required' && message !== 'is required' ? undefined : WORDS[code];
  return words ?? `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${/[.!?]$/.test(sentence) ? '' : '.'}`;
}
