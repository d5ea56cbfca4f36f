import { describe, expect, it } from 'vitest';
import { readBytes } from './body.ts';

const CHUNK = 1000;

/** A request whose body is as long as is read of it, and how much that was. */
function endless(headers: Record<string, string> = {}) {
  let given = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        given += CHUNK;
        controller.enqueue(new Uint8Array(CHUNK));
      },
    },
    { highWaterMark: 0 },
  );
  const request = new Request('https://edge.example/', { method: 'POST', body, headers });
  return { request, given: () => given };
}

describe('a body', () => {
  it('that says it is too long is refused before any of it is read', async () => {
    const { request, given } = endless({ 'Content-Length': '10001' });
    expect(await readBytes(request, 10_000)).toBeNull();
    expect(given()).toBe(0);
  });

  it('that says nothing is read up to the limit and no further', async () => {
    const { request, given } = endless();
    expect(await readBytes(request, 10_000)).toBeNull();
    expect(given()).toBe(10_000 + CHUNK);
  });

  it('within the limit is read whole', async () => {
    const request = new Request('https://edge.example/', { method: 'POST', body: new Uint8Array(10_000).fill(7) });
    expect(await readBytes(request, 10_000)).toEqual(new Uint8Array(10_000).fill(7));
  });
});
