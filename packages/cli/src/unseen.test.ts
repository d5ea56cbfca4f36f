import { describe, expect, it } from 'vitest';
import { Unseen } from './unseen.ts';

/** A list, latest first, in pages of three. */
const pages = (list: string[]) => async (cursor: string | null) => {
  const start = Number(cursor ?? 0);
  return { items: list.slice(start, start + 3), cursor: start + 3 < list.length ? String(start + 3) : null };
};

describe('news of a list', () => {
  it('is at first the latest, as many as asked for, and then what came since', async () => {
    const unseen = new Unseen<string>((entry) => entry);
    expect(await unseen.take(pages(['c', 'b', 'a']), 2)).toEqual(['c', 'b']);
    expect(await unseen.take(pages(['c', 'b', 'a']), 9)).toEqual([]);
    expect(await unseen.take(pages(['d', 'c', 'b', 'a']), 9)).toEqual(['d']);
  });

  it('is complete where more came than a page holds', async () => {
    const unseen = new Unseen<string>((entry) => entry);
    await unseen.take(pages(['a']), 9);
    expect(await unseen.take(pages(['h', 'g', 'f', 'e', 'd', 'c', 'b', 'a']), 9)).toEqual([...'hgfedcb']);
  });

  it('is complete where there was nothing at first', async () => {
    const unseen = new Unseen<string>((entry) => entry);
    expect(await unseen.take(pages([]), 9)).toEqual([]);
    expect(await unseen.take(pages(['e', 'd', 'c', 'b', 'a']), 9)).toEqual([...'edcba']);
  });

  it('holds an entry again when its state has changed', async () => {
    const unseen = new Unseen<string>((entry) => entry);
    await unseen.take(pages(['call ringing']), 9);
    expect(await unseen.take(pages(['call completed']), 9)).toEqual(['call completed']);
  });
});
