/** @module-tag slow */

import { evictDurableObject, runInDurableObject } from 'cloudflare:test';
import { type Assignment, api, type EventType } from '@dialmark/shared';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { poolOf } from '../src/pool/shards/remote-pool.ts';
import { admin, env, mainOf, newSite, pageHeaders, poolNumber, visitor } from './edge.ts';

const TTL = 60;
const START = Date.UTC(2026, 10, 24, 12);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('lease' as const), session: fc.nat(6), visitor: fc.option(fc.nat(3)) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('event' as const),
      session: fc.nat(6),
      type: fc.constantFrom<EventType>('heartbeat', 'leave', 'tel_click', 'pageview'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.oneof(fc.nat(20), fc.nat(150), fc.constant(TTL)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('status' as const),
      number: fc.nat(2),
      status: fc.constantFrom('active' as const, 'draining' as const),
    }),
  },
);

/** Throws the object's memory away; what it knows afterwards, it read from SQLite. */
async function restart(site: string): Promise<void> {
  await poolOf(env, site).site.configuration();
  await evictDurableObject(env.POOL.getByName(site));
}

interface Row {
  number: string;
  kind: string;
  session: string;
  startedAt: number;
  expiresAt: number;
}

function log(site: string): Promise<Row[]> {
  return runInDurableObject(env.POOL.getByName(site), (_, state) =>
    state.storage.sql
      .exec<Record<string, never>>(
        'SELECT number, kind, session, started_at AS startedAt, expires_at AS expiresAt FROM bindings ORDER BY seq',
      )
      .toArray(),
  ) as unknown as Promise<Row[]>;
}

describe.each(['fallback', 'share', 'none'] as const)(
  'a pool under policy %s, restarted at any moment',
  (onExhausted) => {
    it('keeps its promises', { timeout: 120_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 40 }), async (steps) => {
          vi.setSystemTime(START);
          const site = await newSite(3, {
            lease: { ttlSeconds: TTL, cooldownSeconds: 120, onExhausted },
            limits: { newLeasesPerAddressPerHour: 100_000 },
          });
          const draining = new Set<string>();
          const answers = new Map<string, { at: number; expiresAt: number; answer: Assignment }>();

          for (const each of steps) {
            const now = Date.now();
            if (each.do === 'wait') vi.setSystemTime(now + each.seconds * 1000);
            if (each.do === 'restart') await restart(site);
            if (each.do === 'status') {
              const number = poolNumber(each.number);
              await admin.call(api.patchNumber, { site, number, body: { status: each.status } });
              if (each.status === 'draining') draining.add(number);
              else draining.delete(number);
            }
            if (each.do === 'event') {
              await visitor.call(api.event, {
                site,
                headers: pageHeaders,
                body: { type: each.type, session: `s${each.session}`, page: { url: 'https://acme.example/x' } },
              });
              // The visit's earlier answer may have been shortened or lengthened.
              const known = answers.get(`s${each.session}`);
              if (known && known.expiresAt > now) {
                known.expiresAt =
                  each.type === 'leave'
                    ? now + (TTL / 2) * 1000
                    : Math.max(known.expiresAt, now + TTL * 1000 * (each.type === 'tel_click' ? 2 : 1));
              }
            }
            if (each.do === 'lease') {
              const session = `s${each.session}`;
              const answer = await mainOf(site, session, {
                visitor: each.visitor === null ? null : `v${each.visitor}`,
              });
              const before = answers.get(session);
              if (answer.kind === 'pool' || answer.kind === 'shared') {
                const holders = [...answers].filter(
                  ([other, held]) => other !== session && held.expiresAt > now && held.answer.number === answer.number,
                );
                if (answer.kind === 'pool')
                  expect(holders.filter(([, held]) => held.answer.kind === 'pool')).toEqual([]);
                const keeps =
                  before &&
                  before.expiresAt > now &&
                  (before.answer.kind === 'pool' || before.answer.kind === 'shared');
                if (keeps) {
                  expect(answer.number).toBe(before.answer.number);
                  expect(answer.binding).toBe(before.answer.binding);
                } else {
                  expect(draining.has(answer.number)).toBe(false);
                }
                for (const [, held] of holders) held.answer = { ...held.answer, kind: 'shared' } as Assignment;
              }
              if (answer.kind === 'none') {
                expect(onExhausted).toBe('none');
                expect(answer).toMatchObject({
                  reason: expect.stringMatching(/exhausted|no_rule/),
                  binding: null,
                  number: null,
                });
                answers.delete(session);
              } else {
                expect(Date.parse(answer.expiresAt)).toBeGreaterThanOrEqual(now + TTL * 1000);
                answers.set(session, { at: now, expiresAt: Date.parse(answer.expiresAt), answer });
                const attribution = await admin.call(api.attribution, { site, query: { number: answer.number } });
                const named = [attribution.binding?.id, ...attribution.candidates.map(({ binding }) => binding)];
                if (answer.kind !== 'fallback') expect(named).toContain(answer.binding);
              }
            }
          }

          const rows = (await log(site)).filter(({ kind }) => kind !== 'fallback');
          for (const [index, earlier] of rows.entries()) {
            for (const later of rows.slice(index + 1)) {
              if (earlier.number !== later.number || later.kind === 'shared') continue;
              expect(earlier.expiresAt).toBeLessThanOrEqual(later.startedAt);
            }
          }
        }),
        { numRuns: 60 },
      );
    });
  },
);
