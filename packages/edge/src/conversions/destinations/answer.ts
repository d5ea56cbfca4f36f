import { SECOND } from '@dialmark/shared';
import type { Outcome, SendContext, Trial } from './destination.ts';

export const TIMEOUT_MS = 10 * SECOND;
/** More than any destination has to say. */
const BODY_BYTES = 256 * 1024;

/** The response of a destination, or its absence. */
export type Answer =
  | { status: number; body: string; retryAfterSeconds: number | null }
  | { status: null; error: string };

/** Asks without following redirects, for at most ten seconds, and reads no more than is sensible. Never throws. */
export async function ask({ fetch, isLate }: SendContext, url: string, init: RequestInit): Promise<Answer> {
  if (isLate()) return { status: null, error: 'slow answers to others left no time' };
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
    return {
      status: response.status,
      body: await readSome(response),
      retryAfterSeconds: retryAfter(response.headers.get('Retry-After')),
    };
  } catch (error) {
    return { status: null, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

async function readSome(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    text += decoder.decode(chunk, { stream: true });
    if (bytes > BODY_BYTES) break;
  }
  return text;
}

/** RFC 9110, section 10.2.3; the form with a date is not used by any destination we know. */
function retryAfter(text: string | null): number | null {
  return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : null;
}

/** Maximum length of the platform's message that is shown. */
const WORDS_LENGTH = 1000;

/** Returns what came of a test, by the platform's own words: those given, else all that it answered. */
export function trialOf(answer: Answer, delivered: boolean, words?: string | null): Trial {
  if (answer.status === null) return { delivered: false, status: null, detail: answer.error };
  return { delivered, status: answer.status, detail: (words ?? answer.body).slice(0, WORDS_LENGTH).trim() || null };
}

/** Returns what a test came to that would have had an effect. */
export function untried(why: string): Trial {
  return { delivered: false, status: null, detail: `Nothing was sent: ${why}` };
}

/** The body as JSON; null where it is none. */
export function json(answer: Answer): Record<string, unknown> | null {
  if (answer.status === null) return null;
  try {
    const value: unknown = JSON.parse(answer.body);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** An outcome for an answer that is no success. What a person can mend (a token, a permission) is tried again. */
export function unsuccessful(answer: Answer, detail?: string): Outcome {
  if (answer.status === null) return { became: 'postponed', status: null, error: answer.error };
  const error = detail ?? `answered ${answer.status}`;
  if ([400, 404, 413, 422].includes(answer.status)) return { became: 'rejected', status: answer.status, error };
  const afterSeconds = answer.retryAfterSeconds;
  return { became: 'postponed', status: answer.status, error, ...(afterSeconds === null ? {} : { afterSeconds }) };
}
