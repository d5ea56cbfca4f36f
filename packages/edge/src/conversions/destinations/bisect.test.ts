import fc from 'fast-check';
import { expect, it } from 'vitest';
import { batchesOf, bisect } from './bisect.ts';
import type { Outcome } from './destination.ts';

it('delivers every good record of a batch and rejects exactly the bad ones', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 200 }), async (good) => {
      const messages = good.map((isGood, index) => ({ id: `d_${index}`, isGood }));
      const delivered: string[] = [];
      const outcomes = await bisect(messages, async (batch): Promise<Outcome> => {
        if (batch.some(({ isGood }) => !isGood)) return { became: 'rejected', status: 400, error: 'bad record' };
        delivered.push(...batch.map(({ id }) => id));
        return { became: 'delivered', status: 200 };
      });
      expect(outcomes.size).toBe(messages.length);
      for (const { id, isGood } of messages) expect(outcomes.get(id)?.became).toBe(isGood ? 'delivered' : 'rejected');
      expect(new Set(delivered).size).toBe(delivered.length);
    }),
  );
});

it('finds one bad record of 2,000 in few requests', async () => {
  const messages = Array.from({ length: 2000 }, (_, index) => ({ id: `d_${index}` }));
  let requests = 0;
  await bisect(messages, async (batch) => {
    requests++;
    return batch.some(({ id }) => id === 'd_1234')
      ? { became: 'rejected', status: 400, error: 'bad record' }
      : { became: 'delivered', status: 200 };
  });
  expect(requests).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(2000)) + 1);
});

it('does not split a batch that may still be taken whole', async () => {
  let requests = 0;
  const outcomes = await bisect([{ id: 'd_1' }, { id: 'd_2' }], async () => {
    requests++;
    return { became: 'postponed', status: 503, error: 'answered 503' };
  });
  expect([requests, outcomes.get('d_2')?.became]).toEqual([1, 'postponed']);
});

it('makes batches no longer than asked for', () => {
  expect(batchesOf([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(batchesOf([], 2)).toEqual([]);
});
