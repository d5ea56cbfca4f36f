import { afterEach, describe, expect, it } from 'vitest';
import { type Answered, serveStrictly } from '../../test/strict-server.ts';
import { testWorld } from '../../test/test-world.ts';
import { ask } from './rest.ts';

let server: Awaited<ReturnType<typeof serveStrictly>>;
afterEach(() => server?.close());

async function asking(...answers: Answered[]) {
  server = await serveStrictly(() => answers.shift() ?? { status: 500 });
  const rest = { carrier: 'Acme', credentials: 'ACME_KEY', authorization: 'Bearer hush', world: testWorld() };
  return ask(rest, 'GET', new URL(server.origin));
}

describe("a carrier's API", () => {
  it('is asked again where it says it is too fast', async () => {
    const slow = { status: 429, json: {}, headers: { 'Retry-After': '0' } };
    expect(await asking(slow, slow, { status: 200, json: { well: true } })).toEqual({ well: true });
    expect(server.log).toHaveLength(3);
  });

  it('is given up where it stays too fast', async () => {
    const slow = { status: 429, json: { message: 'Too Many Requests' }, headers: { 'Retry-After': '0' } };
    await expect(asking(slow, slow, slow, slow, slow)).rejects.toThrow('Acme answered 429: Too Many Requests');
    expect(server.log).toHaveLength(4);
  });

  it.each([
    [
      { status: 400, json: { errors: [{ title: 'Bad', detail: 'Pick another.' }] } },
      'Acme answered 400: Pick another.',
    ],
    [{ status: 502, text: '<html><b>Bad gateway</b></html>' }, 'Acme answered 502: Bad gateway'],
    [{ status: 503, text: '' }, 'Acme answered 503: no reason given'],
    [{ status: 200, text: '<html>' }, 'Acme sent a response that is not JSON.'],
  ])('is quoted when it refuses: %j', async (answer, message) => {
    await expect(asking(answer)).rejects.toThrow(message);
  });

  it('is not followed to another address, credentials in hand', async () => {
    const elsewhere = { status: 302, text: '', headers: { Location: 'http://127.0.0.1:9/' } };
    await expect(asking(elsewhere)).rejects.toThrow(/^Acme is not responding at 127\.0\.0\.1:/);
  });
});
