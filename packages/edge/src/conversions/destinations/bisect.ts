import type { Outcome, OutgoingMessage } from './destination.ts';

/**
 * Sends a batch to a destination that fails a whole request for one bad record: where it rejects one, the halves are
 * sent, down to the bad record. One bad record of n costs about 2·log2(n) requests.
 *
 * @param send the outcome of the whole request
 */
export async function bisect<P extends Pick<OutgoingMessage, 'id'>>(
  messages: readonly P[],
  send: (batch: readonly P[]) => Promise<Outcome>,
  outcomes = new Map<string, Outcome>(),
): Promise<Map<string, Outcome>> {
  if (messages.length === 0) return outcomes;
  const outcome = await send(messages);
  if (outcome.became === 'rejected' && messages.length > 1) {
    const middle = messages.length >> 1;
    await bisect(messages.slice(0, middle), send, outcomes);
    await bisect(messages.slice(middle), send, outcomes);
  } else {
    for (const { id } of messages) outcomes.set(id, outcome);
  }
  return outcomes;
}

/** Batches no longer than a destination takes. */
export function batchesOf<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
}
