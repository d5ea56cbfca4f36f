/** 16 characters of a random token are more than can be guessed; words are not, however many letters they have. */
const LEAST_LENGTH = 16;
const LEAST_LETTERS = 6;

/** Returns why an operator's token, which has every right, is too weak; null if it is not. */
export function adminTokenError(token: string): string | null {
  if (token.length < LEAST_LENGTH) return `ADMIN_TOKEN must have at least ${LEAST_LENGTH} characters.`;
  if (new Set(token).size < LEAST_LETTERS) return 'ADMIN_TOKEN must not be the same few characters over and over.';
  return null;
}
