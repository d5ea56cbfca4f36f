/**
 * Seconds to wait after each attempt that failed: the Standard Webhooks specification's example, as far as a queue can
 * hold a message back. With the first attempt that is eight, over 28 hours; `max_retries` in wrangler.toml is its
 * length, and what is not delivered then goes to the queue of dead letters.
 */
const WAITS = [5, 300, 1800, 7200, 18_000, 36_000, 36_000];
/** Up to this share more, so that what failed together does not come back together. */
const JITTER = 0.1;

/**
 * @param attempt the one that failed; the first is 1
 * @param configured an operator's own waits, such as `5,60,600`
 * @param random 0 to 1
 */
export function waitSeconds(attempt: number, configured: string | undefined, random: number): number {
  const own = configured?.split(',').map(Number) ?? [];
  const waits = own.length > 0 && own.every((seconds) => seconds >= 0) ? own : WAITS;
  return Math.round((waits[Math.min(attempt, waits.length) - 1] ?? 0) * (1 + JITTER * random));
}
