import type { Env } from '../env.ts';
import { hmac } from '../platform/hmac.ts';
import { fail } from '../platform/result.ts';

/**
 * Returns the seed for the ids of a new object: random, or if the request carries an `Idempotency-Key`
 * (draft-ietf-httpapi-idempotency-key-header), derived from it under the Worker's key, so that the same request sent
 * again makes the same thing again and nothing about it has to be remembered, but that it was taken back (`takenBack`).
 *
 * @param request of which the key is read
 * @param said what else the request says: another body under the same key is another request
 */
export async function seedOf(request: Request, env: Env, said: unknown): Promise<Uint8Array> {
  const key = request.headers.get('Idempotency-Key');
  const secret = env.WORKER_KEY ?? env.ADMIN_TOKEN;
  if (!key || !secret) return crypto.getRandomValues(new Uint8Array(64));
  return hmac('SHA-512', `idempotency ${secret}`, JSON.stringify([new URL(request.url).pathname, key, said]));
}

/** The answer to a creation sent again after what it made was taken back: a token that was revoked stays so. */
export const takenBack = fail('idempotency_key_spent');
