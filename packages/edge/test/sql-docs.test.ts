import { beforeAll, describe, expect, it, vi } from 'vitest';
import page from '../../../docs/sql.md?raw';
import { ledgerRows, newSite } from './edge.ts';
import { call, settled, visit } from './journeys.ts';

const questions = [...page.matchAll(/\n([^\n]+):\n\n```sql\n([^`]+)```/g)].map(([, title = '', sql = '']) => ({
  title,
  sql,
}));

describe('the questions in docs/sql.md', () => {
  let site: string;
  beforeAll(async () => {
    site = await newSite(2);
    const shown = await visit(site, {
      at: '2026-11-24T10:00:00Z',
      visitor: 'v_1',
      session: 's_1',
      page: '/?utm_source=google&utm_medium=cpc&utm_term=roof',
    });
    for (const id of ['CA1', 'CA2', 'CA3']) {
      await call(site, id, shown, '2026-11-24T10:01:00Z', { status: 'missed', durationSeconds: null });
    }
    await settled(site);
    vi.useRealTimers();
  });

  it('are ten', () => {
    expect(questions).toHaveLength(10);
  });

  it.each(questions)('$title', async ({ sql }) => {
    expect(await ledgerRows(site, sql)).not.toEqual([]);
  });
});
