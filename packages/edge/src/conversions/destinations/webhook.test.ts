import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { changeOf, contextOf, integrationOf, messageOf } from '../../../test/conversions/fixtures.ts';
import { newSigningSecret, webhook } from './webhook.ts';

const integration = integrationOf({ kind: 'webhook', url: 'https://crm.example/hooks?tenant=1' });
const signingSecret = newSigningSecret();
const message = messageOf(changeOf(), null, 'call.completed');

async function outcomeOf(answer: Parameters<typeof contextOf>[0], to = integration) {
  const context = contextOf(answer, { now: Date.now() as never });
  const outcomes = await webhook.send(to, { signingSecret }, [message], context);
  return { outcome: outcomes.get(message.id), seen: context.seen };
}

describe('a webhook', () => {
  it("is signed so that the specification's own library verifies it", async () => {
    const { outcome, seen } = await outcomeOf(() => new Response(null, { status: 204 }));
    expect(outcome).toEqual({ became: 'delivered', status: 204 });
    const [request] = seen;
    expect(request).toMatchObject({ method: 'POST', text: message.payload });
    const headers = Object.fromEntries(request?.headers ?? []);
    expect(new Webhook(signingSecret).verify(request?.text ?? '', headers)).toEqual(JSON.parse(message.payload));
    expect(headers['webhook-id']).toBe(message.id);
  });

  it('does not verify with another secret or another body', async () => {
    const { seen } = await outcomeOf(() => new Response());
    const headers = Object.fromEntries(seen[0]?.headers ?? []);
    expect(() => new Webhook(newSigningSecret()).verify(message.payload, headers)).toThrow();
    expect(() => new Webhook(signingSecret).verify(`${message.payload} `, headers)).toThrow();
  });

  it.each([400, 401, 404, 409, 422, 500, 502, 503])('is tried again after %i', async (status) => {
    const { outcome } = await outcomeOf(() => new Response('x', { status }));
    expect(outcome).toMatchObject({ became: 'postponed', status });
  });

  it('waits as long as the receiver asks', async () => {
    const { outcome } = await outcomeOf(() => new Response(null, { status: 429, headers: { 'Retry-After': '120' } }));
    expect(outcome).toMatchObject({ became: 'postponed', status: 429, afterSeconds: 120 });
  });

  it('is given up where the receiver is gone', async () => {
    const { outcome } = await outcomeOf(() => new Response(null, { status: 410 }));
    expect(outcome).toMatchObject({ became: 'rejected', status: 410 });
  });

  it('does not follow a redirect', async () => {
    const { outcome, seen } = await outcomeOf(
      () => new Response(null, { status: 307, headers: { Location: 'https://elsewhere.example/' } }),
    );
    expect(outcome).toMatchObject({ became: 'postponed', status: 307 });
    expect(seen).toHaveLength(1);
  });

  it('is tried again where nobody answers, without throwing', async () => {
    const { outcome } = await outcomeOf(() => {
      throw new TypeError('connection refused');
    });
    expect(outcome).toEqual({ became: 'postponed', status: null, error: 'TypeError: connection refused' });
  });

  it('is not sent to an address that became forbidden since it was kept', async () => {
    const inner = { ...integration, url: 'https://10.0.0.1/' };
    const { outcome, seen } = await outcomeOf(() => new Response(), inner);
    expect(outcome).toMatchObject({ became: 'rejected', status: null });
    expect(seen).toEqual([]);
  });

  it('reads no more of an answer than is sensible', async () => {
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const { outcome } = await outcomeOf(() => new Response(endless));
    expect(outcome).toEqual({ became: 'delivered', status: 200 });
    expect(pulled).toBeLessThan(20);
  });

  it('leaves for later what a slow receiver left no time for, and asks few at once', async () => {
    let [open, most, answered] = [0, 0, 0];
    const context = contextOf(
      async () => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve));
        open--;
        answered++;
        return new Response();
      },
      { isLate: () => answered >= 20 },
    );
    const messages = Array.from({ length: 50 }, (_, n) => messageOf(changeOf({}, {}, `CA${n}`)));
    const outcomes = [...(await webhook.send(integration, { signingSecret }, messages, context)).values()];
    expect(most).toBe(4);
    expect(outcomes).toHaveLength(50);
    expect(outcomes.filter(({ became }) => became === 'delivered')).toHaveLength(answered);
    expect(outcomes.filter(({ became }) => became === 'postponed')).toHaveLength(50 - answered);
  });
});
