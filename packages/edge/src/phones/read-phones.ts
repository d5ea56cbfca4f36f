import { env } from 'cloudflare:workers';
import type { Env } from '../env.ts';
import { PHONES_PATH, type Phones } from './phones.ts';

/** What this isolate has read: no promise, which would end with the request that began it. */
let known: Phones | undefined;

/**
 * Returns what is known of telephone numbers: from the Worker's assets once, then from memory. No visit waits for it: it is
 * read while the pool chooses the number.
 */
export async function readPhones(): Promise<Phones> {
  if (known) return known;
  const { ASSETS } = env as unknown as Pick<Env, 'ASSETS'>;
  const answer = await ASSETS.fetch(new URL(PHONES_PATH, 'https://assets.local'));
  if (!answer.ok) throw new Error(`${PHONES_PATH}: ${answer.status}`);
  known = (await answer.json()) as Phones;
  return known;
}
