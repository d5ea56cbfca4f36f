import type { FieldCode, FieldError } from '@dialmark/shared';

/** Advice for people by error code, where the API's message is written for programmers. */
const WORDS: Partial<Record<FieldCode, string>> = {
  required: 'This field is required.',
  not_e164: 'Enter the full number with its country code, such as +14155550132.',
  not_a_number: 'Enter a number.',
  not_an_integer: 'Enter a whole number.',
};

/** Returns a field's error as a sentence for the person filling in the form. */
export function plainWords({ code, message }: Pick<FieldError, 'code' | 'message'>): string {
  const sentence = /^(must|is|has|may|can|comes) /.test(message) ? `It ${message}` : message;
  // A rule that is missing its conditions says so itself.
  const words = code === 'required' && message !== 'is required' ? undefined : WORDS[code];
  return words ?? `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${/[.!?]$/.test(sentence) ? '' : '.'}`;
}
