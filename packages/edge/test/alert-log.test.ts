import { runInDurableObject } from 'cloudflare:test';
import type { EpochMs } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../src/pool/monitoring/alert-findings.ts';
import { AlertLog } from '../src/pool/monitoring/alert-log.ts';
import { env, newSite } from './edge.ts';

const at = (seconds: number) => (1_800_000_000_000 + seconds * 1000) as EpochMs;
const exhausted = new Map<'alert.pool_exhausted', Finding>([
  ['alert.pool_exhausted', { measured: 7, summary: 'Seven.' }],
]);
const nothing = new Map();

async function inLog<T>(use: (log: AlertLog, again: () => AlertLog) => T): Promise<T> {
  const site = await newSite(0);
  return runInDurableObject(env.POOL.getByName(site), (_, { storage }) => {
    const open = () => new AlertLog(storage.sql, () => 0);
    return use(open(), open);
  });
}

describe('the log of alerts', () => {
  it('holds an episode from when something was found until it is not any more', async () => {
    const items = await inLog((log) => {
      log.note(exhausted, at(0));
      log.note(exhausted, at(60));
      log.note(nothing, at(120));
      return log.list();
    });
    expect(items).toMatchObject([
      { measured: 7, startedAt: new Date(at(0)).toISOString(), resolvedAt: new Date(at(120)).toISOString() },
    ]);
  });

  it('sends each end of an alert once', async () => {
    const states = await inLog((log) => {
      const sent: string[] = [];
      const tell = () => {
        for (const { alert, state } of log.unsent()) {
          sent.push(state);
          log.markSent(alert.id, state);
        }
      };
      for (const [found, second] of [
        [exhausted, 0],
        [exhausted, 60],
        [nothing, 120],
        [nothing, 180],
      ] as const) {
        log.note(found, at(second));
        tell();
      }
      return sent;
    });
    expect(states).toEqual(['firing', 'resolved']);
  });

  it('sends only the end of an alert that was resolved before it was sent', async () => {
    const unsent = await inLog((log) => {
      log.note(exhausted, at(0));
      log.note(nothing, at(60));
      return log.unsent().map(({ state }) => state);
    });
    expect(unsent).toEqual(['resolved']);
  });

  it('begins another episode, with another id, when it happens again', async () => {
    const ids = await inLog((log) => {
      log.note(exhausted, at(0));
      log.note(nothing, at(60));
      log.note(exhausted, at(7200));
      return log.list().map(({ id }) => id);
    });
    expect(new Set(ids).size).toBe(2);
  });

  it('knows what lasts after the pool was asleep', async () => {
    const items = await inLog((log, again) => {
      log.note(exhausted, at(0));
      again().note(exhausted, at(60));
      return again().list();
    });
    expect(items).toHaveLength(1);
  });
});
