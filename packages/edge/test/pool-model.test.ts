/** @module-tag slow */

import { runInDurableObject } from 'cloudflare:test';
import {
  type E164,
  type EpochMs,
  type EventRequest,
  EventType,
  type LeaseRequest,
  type LeaseResponse,
  NumberStatus,
  OnExhausted,
  type Site,
  SiteConfig,
} from '@dialmark/shared';
import fc from 'fast-check';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CountedClient } from '../src/admission/client.ts';
import type { Attributing } from '../src/pool/attribution/attributing.ts';
import { bindingId } from '../src/pool/leases/binding-id.ts';
import { record } from '../src/pool/leases/event.ts';
import { lease } from '../src/pool/leases/lease.ts';
import type { Leasing } from '../src/pool/leases/leasing.ts';
import { NumberPool } from '../src/pool/number-pool.ts';
import { SINGLE } from '../src/pool/shards/layout.ts';
import { env, ORIGIN, poolNumber } from './edge.ts';
import { COOLDOWN, NaivePool, type NaiveSite, TTL } from './naive-pool.ts';

const RUNS = 1000;
const START = Date.UTC(2026, 10, 24, 12);
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const PRINTED = { main: '+14155550100', sales: '+14155550200' } as Record<string, string>;
const FALLBACKS = { main: PRINTED.main, sales: '+14155550299' } as Record<string, string>;

/** The product's pool at times of its own. A new one over the same storage is one that was restarted. */
class Probe extends NumberPool {
  happen<T>(what: (pool: Leasing & Attributing) => T): T {
    let result: T | undefined;
    this.simulate((pool) => {
      result = what(pool);
    });
    return result as T;
  }
}

/** The numbers there are: those of the first three places at once, the others once somebody adds them. */
const NUMBERS = [
  { number: poolNumber(0), target: 'main', kind: 'pool' },
  { number: poolNumber(1), target: 'main', kind: 'pool' },
  { number: poolNumber(2), target: 'sales', kind: 'pool' },
  { number: poolNumber(3), target: 'main', kind: 'pool' },
  { number: poolNumber(4), target: 'sales', kind: 'pool' },
  { number: poolNumber(5), target: 'main', kind: 'source' },
] as const;
const AT_ONCE = 3;

const session = fc.nat(5).map((n) => `s_${n}`);
const visitor = fc.option(fc.nat(2).map((n) => `v_${n}`));
const url = fc.constantFrom(`${ORIGIN}/`, `${ORIGIN}/`, `${ORIGIN}/promo`);
const client: fc.Arbitrary<CountedClient> = fc.record({
  robot: fc.nat(19).map((n) => n === 0),
  address: fc.constantFrom('a', 'a', 'b', null),
  device: fc.constant(null),
  country: fc.constant(null),
});

const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('lease' as const),
      client,
      /** The turn fails after all. */
      fails: fc.nat(29).map((n) => n === 0),
      request: fc.record({
        session,
        visitor,
        targets: fc.constantFrom(undefined, undefined, ['main'], ['sales'], ['sales', 'main']),
        page: fc.record({ url }),
        prerender: fc.nat(19).map((n) => n === 0),
      }) as fc.Arbitrary<LeaseRequest>,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('event' as const),
      client,
      event: fc.record({
        type: fc.constantFrom<EventType>(...EventType.options),
        session,
        visitor,
        target: fc.constantFrom(undefined, 'main', 'sales'),
        page: fc.option(fc.record({ url })),
        data: fc.constantFrom({ granted: true }, { granted: false }, null),
      }) as fc.Arbitrary<EventRequest>,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(
        fc.nat(20).map((seconds) => seconds * SECOND),
        fc.nat(2.5 * TTL),
        fc.constantFrom(1, TTL / 2, TTL - 1, TTL, TTL + 1, 2 * TTL, COOLDOWN - 1, COOLDOWN, HOUR),
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('add' as const), number: fc.constantFrom(...NUMBERS) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      number: fc.constantFrom(...NUMBERS),
      changes: fc.oneof(
        fc.record({ status: fc.constantFrom<NumberStatus>(...NumberStatus.options) }),
        fc.record({ target: fc.constantFrom('main', 'sales') }),
      ),
    }),
  },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const rules = fc.record({
  consent: fc.constantFrom('implied' as const, 'implied' as const, 'required' as const),
  /** New leases an hour for each address and each visitor. */
  limit: fc.constantFrom(4, 1000),
});

const newNumber = ({ number, target, kind }: (typeof NUMBERS)[number]) => ({
  ...{ number: number as E164, target, kind, name: null },
  match: kind === 'source' ? { landingPage: '/promo' } : null,
  preset: null,
  counts: null,
});

function siteOf({ onExhausted, consent, limit }: NaiveSite): Site {
  const config = v.parse(SiteConfig, {
    origins: [ORIGIN],
    targets: Object.entries(PRINTED).map(([id, number]) => ({ id, number, fallback: FALLBACKS[id] })),
    lease: { ttlSeconds: TTL / SECOND, cooldownSeconds: COOLDOWN / SECOND, onExhausted },
    limits: { newLeasesPerAddressPerHour: limit },
    consent,
  });
  return { ...config, id: 'acme', carriers: {} } as Site;
}

/** One life of a pool, from a new site to its end. */
class Life {
  readonly #state: DurableObjectState;
  readonly #site: NaiveSite;
  readonly model: NaivePool;
  pool: Probe;

  constructor(state: DurableObjectState, site: NaiveSite) {
    this.#state = state;
    this.#site = site;
    this.model = new NaivePool(site);
    this.pool = new Probe(state, env);
  }

  async begin(): Promise<void> {
    vi.setSystemTime(START);
    await this.pool.operations.site.destroy();
    this.pool = new Probe(this.#state, env);
    await this.pool.operations.site.configure(siteOf(this.#site), SINGLE, 0);
    for (const number of NUMBERS.slice(0, AT_ONCE)) await this.#add(number);
  }

  async live(step: Step): Promise<void> {
    const now = Date.now() as EpochMs;
    if (step.do === 'wait') vi.setSystemTime(now + step.ms);
    if (step.do === 'restart') {
      this.pool = new Probe(this.#state, env);
      this.model.restart();
    }
    if (step.do === 'add') await this.#add(step.number);
    if (step.do === 'change') {
      const { number } = step.number;
      const outcome = await this.pool.operations.numbers.patch(number, step.changes);
      if ('value' in outcome) this.model.change(number, step.changes);
    }
    if (step.do === 'event') {
      this.pool.happen((pool) => record(pool, step.event, step.client, now));
      this.model.record(step.event, step.client, now);
    }
    if (step.do === 'lease') {
      const { request } = step;
      const ask = (pool: Leasing) => lease(pool, request, step.client, now).value as LeaseResponse;
      if (step.fails) {
        const failing = () =>
          this.pool.happen((pool) => {
            ask(pool);
            throw new Error('the turn fails');
          });
        expect(failing).toThrow('the turn fails');
        this.model.restart();
      } else this.model.lease(request, step.client, now, this.pool.happen(ask));
    }
  }

  async #add(number: (typeof NUMBERS)[number]): Promise<void> {
    const { value } = await this.pool.operations.numbers.add([{ index: 0, row: newNumber(number) }], null);
    const known = this.model.numbers.find((other) => other.number === number.number);
    expect(value?.added).toBe(!known || known.status === 'retired' ? 1 : 0);
    if (value?.added) this.model.add(number.number, number.target, number.kind);
  }

  /** Stored and answered are the same. */
  end(): void {
    const all = (query: string) => this.#state.storage.sql.exec<Record<string, never>>(query).toArray();
    const bindings = all(
      `SELECT seq, number, target, kind, session, visitor, started_at AS startedAt, last_active_at AS lastActiveAt,
         expires_at AS expiresAt, tel_click_at AS telClickAt, address, early, reason FROM bindings ORDER BY seq`,
    ).map(({ seq, early, ...row }) => ({ ...row, id: bindingId(Number(seq)), early: Number(early) === 1 }));
    expect(bindings).toEqual(this.model.bindings);

    const own = this.model.bindings.filter(({ kind }) => kind === 'pool' || kind === 'shared');
    for (const [index, earlier] of own.entries()) {
      for (const later of own.slice(index + 1)) {
        if (earlier.number !== later.number || later.kind === 'shared') continue;
        expect(earlier.expiresAt).toBeLessThanOrEqual(later.startedAt);
      }
    }

    const visits = all(
      'SELECT id, visitor, started_at AS startedAt, last_active_at AS lastActiveAt, landing_page AS landing FROM sessions ORDER BY seq',
    );
    expect(visits).toEqual(this.model.visits);

    const pressure = all('SELECT hour, target, exhausted, shared, early FROM pressure');
    expect(new Map(pressure.map(({ hour, target, ...counts }) => [`${hour} ${target}`, counts]))).toEqual(
      this.model.pressure,
    );

    // The ledger will hear of all of it.
    const noted = new Set(
      all('SELECT changes FROM outbox').flatMap(({ changes }) => JSON.parse(String(changes)).map(String)),
    );
    for (const { seq } of all('SELECT seq FROM bindings')) expect(noted).toContain(`b,${seq}`);
    for (const { id } of this.model.visits) expect(noted).toContain(`s,${id}`);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

describe.each(OnExhausted.options)('a pool under policy %s, against a naive one', (onExhausted) => {
  it('answers as the naive one would, whatever happens, restarted at any moment', { timeout: 300_000 }, async () => {
    await runInDurableObject(env.POOL.getByName(`model ${onExhausted}`), (_, state) =>
      fc.assert(
        fc.asyncProperty(rules, fc.array(step, { minLength: 10, maxLength: 60 }), async (given, steps) => {
          const life = new Life(state, { onExhausted, fallbacks: FALLBACKS, ...given });
          await life.begin();
          for (const each of steps) await life.live(each);
          life.end();
        }),
        { numRuns: RUNS },
      ),
    );
  });
});
