import { waitUntil } from 'cloudflare:workers';

/**
 * One answer in the cache of the data centre, which all isolates there share. Where there is none (on workers.dev, on a
 * machine of one's own) nothing is ever found in it.
 */
export function cacheOf(key: URL): {
  read(): Promise<Response | undefined>;
  write(answer: Response, seconds: number): void;
} {
  return {
    read: () => caches.default.match(key).catch(() => undefined),
    /** Writes behind the answer: it waits for no cache. */
    write(answer, seconds) {
      answer.headers.set('Cache-Control', `public, max-age=${seconds}`);
      waitUntil(caches.default.put(key, answer).catch(() => {}));
    },
  };
}
