import { api } from '@dialmark/shared';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { admin, newSite } from './edge.ts';
import { call, settled, visit } from './journeys.ts';

afterAll(() => {
  vi.useRealTimers();
});

const minute = (n: number) => new Date(Date.UTC(2026, 10, 24, 10, n)).toISOString();

/** A visitor of seven visits, each called once but the last. */
async function journey(): Promise<string> {
  const site = await newSite(9);
  for (let n = 0; n < 7; n++) {
    const shown = await visit(site, { at: minute(2 * n), visitor: 'v_1', session: `s_${n}` });
    if (n < 6) await call(site, `CA${n}`, shown, minute(2 * n + 1));
  }
  return site;
}

describe('a journey in pages', () => {
  it('gives every visit and call once, in order, whichever the length of a page', { timeout: 60_000 }, async () => {
    const site = await journey();
    for (const told of [false, true]) {
      if (told) await settled(site);
      for (const limit of [1, 4, 100]) {
        const sessions: string[] = [];
        const calls: string[] = [];
        let cursor: string | null | undefined;
        do {
          const query = { limit: String(limit), ...(cursor ? { cursor } : {}) };
          const page = await admin.call(api.getVisitor, { site, id: 'v_1', query });
          expect(page.sessions.length + page.calls.length).toBeLessThanOrEqual(limit);
          sessions.push(...page.sessions.map(({ id }) => id));
          calls.push(...page.calls.map(({ id }) => id));
          cursor = page.cursor;
        } while (cursor !== null);
        expect(sessions).toEqual(Array.from({ length: 7 }, (_, n) => `s_${n}`));
        expect(calls).toEqual(Array.from({ length: 6 }, (_, n) => `CA${n}`));
      }
    }
  });

  it('refuses a cursor that is not one, and lengths beyond what lists allow', async () => {
    const site = await newSite(1);
    for (const query of [{ cursor: 'nonsense' }, { limit: '0' }, { limit: '1001' }]) {
      expect((await admin.send(api.getVisitor, { site, id: 'v_1', query })).status).toBe(400);
    }
  });
});
