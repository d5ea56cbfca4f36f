import type { CallChangeMessage } from '../pool/sync/change-log.ts';

/** One message of one destination is due. */
export interface DeliveryMessage {
  about: 'delivery';
  site: string;
  id: string;
}

/** A message in the queue of conversions. */
export type ConversionMessage = CallChangeMessage | DeliveryMessage;

/** Messages a queue takes at once. */
const AT_ONCE = 100;
/** A queue holds a message back for at most 12 hours. */
export const DELAY_MAX_SECONDS = 43_200;

/** Has deliveries come up, each after its delay. */
export async function enqueue(
  queue: Queue<ConversionMessage>,
  deliveries: readonly { site: string; id: string; delaySeconds: number }[],
): Promise<void> {
  for (let start = 0; start < deliveries.length; start += AT_ONCE) {
    await queue.sendBatch(
      deliveries.slice(start, start + AT_ONCE).map(({ site, id, delaySeconds }) => ({
        body: { about: 'delivery', site, id },
        delaySeconds: Math.min(DELAY_MAX_SECONDS, Math.max(0, Math.ceil(delaySeconds))),
      })),
    );
  }
}
