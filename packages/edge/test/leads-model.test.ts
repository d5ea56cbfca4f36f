import { DAY, type LeadStage } from '@dialmark/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../src/leads/outcome.ts';
import type { LedgerCore } from '../src/ledger/core.ts';
import { numberOfLead } from '../src/ledger/read/leads.ts';
import type { LedgerCall, LedgerForm } from '../src/ledger/write/batch.ts';
import { addOutcomes } from '../src/ledger/write/outcomes.ts';
import { patchLead } from '../src/ledger/write/patch-lead.ts';
import { writeBatch } from '../src/ledger/write/write-batch.ts';
import { inLedger } from './edge.ts';

const FIRST = Date.UTC(2026, 0, 1);
const REOPEN = 20;
const RULES = {
  timeZone: 'UTC',
  lookbackDays: 30,
  retentionDays: 3650,
  counting: { model: 'last' as const, qualifiedSeconds: 30, qualifiedValue: 0 },
  leads: { reopenDays: REOPEN },
};

// Drawn small, so that people, times and stages meet.
const phone = fc.constantFrom('+12125550101', '+12125550102', '+12125550103');
const email = fc.constantFrom('a@x.example', 'b@x.example');
const stage = fc.constantFrom<LeadStage[]>('new', 'qualified', 'booked', 'won', 'lost');
const at = fc.nat(99).map((day) => FIRST + day * DAY);
const orNull = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null });

interface World {
  calls: { at: number; phone: string; status: string; seconds: number; spam: boolean; visitor: string | null }[];
  forms: { at: number; phone: string | null; email: string | null; name: string | null }[];
  outcomes: {
    at: number;
    stage: LeadStage;
    value: number | null;
    phone: string | null;
    email: string | null;
    call: number | null;
  }[];
}

const World: fc.Arbitrary<World> = fc.record({
  calls: fc.array(
    fc.record({
      at,
      phone,
      status: fc.constantFrom('completed', 'missed'),
      seconds: fc.constantFrom(10, 40),
      spam: fc.boolean(),
      visitor: orNull(fc.constantFrom('v_1', 'v_2')),
    }),
    { maxLength: 6 },
  ),
  forms: fc.array(
    fc.record({ at, phone: orNull(phone), email: orNull(email), name: orNull(fc.constantFrom('A', 'B')) }),
    {
      maxLength: 4,
    },
  ),
  outcomes: fc.array(
    fc.record({
      at,
      stage,
      value: orNull(fc.constantFrom(100, 200)),
      phone: orNull(phone),
      email: orNull(email),
      call: fc.option(fc.nat(5), { nil: null, freq: 3 }),
    }),
    { maxLength: 5 },
  ),
});

const callOf = (world: World, index: number, spam?: boolean): LedgerCall => {
  const call = world.calls[index] as World['calls'][number];
  return {
    id: `CA${index}`,
    carrier: 'api',
    caller: call.phone,
    number: '+14155550132',
    target: 'main',
    startedAt: call.at,
    status: call.status,
    durationSeconds: call.seconds,
    value: null,
    firstTime: false,
    spam: spam ?? call.spam,
    test: false,
    match: 'none',
    confidence: 0,
    binding: null,
    session: null,
    visitor: call.visitor,
    candidates: [],
    counted: null,
    details: {},
  };
};
const formOf = (world: World, index: number): LedgerForm => {
  const form = world.forms[index] as World['forms'][number];
  const nobody = { session: null, visitor: null, page: null, erased: false };
  return { id: `f${index}`, form: { id: null, name: null, action: null }, ...form, ...nobody };
};
const outcomeOf = (world: World, index: number): Outcome => {
  const { call, ...outcome } = world.outcomes[index] as World['outcomes'][number];
  return { id: `job-${index}`, ...outcome, lead: null, call: call === null ? null : `CA${call}` };
};

let rev = 0;
function batch(core: LedgerCore, calls: LedgerCall[], forms: LedgerForm[]): void {
  const erasures = { visitors: [], callers: [], calls: [] };
  writeBatch(core, { rev: ++rev, rules: RULES, erasures, sessions: [], bindings: [], calls, forms });
}

/** Everything in the order of the calls, forms and outcomes as they are drawn. */
function inOrder(core: LedgerCore, world: World): void {
  batch(
    core,
    world.calls.map((_, index) => callOf(world, index)),
    world.forms.map((_, index) => formOf(world, index)),
  );
  addOutcomes(
    core,
    world.outcomes.map((_, index) => outcomeOf(world, index)),
    0,
  );
}

const empty = (core: LedgerCore) => {
  for (const table of [
    'call',
    'form',
    'touch',
    'contact',
    'contact_key',
    'lead',
    'lead_said',
    'lead_touch',
    'outcome',
  ]) {
    core.sql.exec(`DELETE FROM ${table}`);
  }
};

/** What the ledger has of leads, but for the ids, which are those of the contacts that came in first. */
function leadsIn(core: LedgerCore) {
  const leads = core.all<Record<string, unknown> & { n: number; first_at: number; first_id: string }>(
    `SELECT n, day, first_kind, first_id, first_at, last_at, calls, forms, missed, phone, email, name, visitor, stage, value,
       stages, qualified FROM lead ORDER BY first_at, first_kind, first_id`,
  );
  const list = (sql: string, n: number) => core.all<{ id: string }>(sql, n).map(({ id }) => id);
  return {
    leads: leads.map(({ n, ...lead }) => ({
      ...lead,
      // When each was received is no part of it.
      stages: (JSON.parse(lead.stages as string) as object[]).map(
        ({ receivedAt: _, ...stage }: { receivedAt?: number }) => stage,
      ),
      contacts: list('SELECT id FROM contact WHERE lead = ? AND makes = 1 ORDER BY at, kind, id', n),
      outcomes: list('SELECT id FROM outcome WHERE lead = ? ORDER BY id', n),
      touches: core.all('SELECT day, position, qualified, won, value FROM lead_touch WHERE lead = ?', n),
    })),
    waiting: core.all('SELECT id FROM outcome WHERE lead IS NULL ORDER BY id'),
  };
}

/** The same by going through time, person by person, with nothing remembered. */
function naive(world: World) {
  const contacts = [
    ...world.calls.flatMap((call, index) =>
      call.spam ? [] : [{ kind: 'call', id: `CA${index}`, email: null, name: null, ...call }],
    ),
    ...world.forms.flatMap((form, index) =>
      form.phone === null && form.email === null
        ? []
        : [{ kind: 'form', id: `f${index}`, status: '', seconds: 0, visitor: null, ...form }],
    ),
  ].sort((a, b) => a.at - b.at || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) || (a.id < b.id ? -1 : 1));
  // People: whoever is joined by a chain of numbers and addresses.
  const person = new Map<string, string>();
  const who = (key: string): string => (person.has(key) ? who(person.get(key) as string) : key);
  for (const contact of contacts) {
    if (contact.phone === null || contact.email === null) continue;
    const [one, other] = [who(contact.phone), who(contact.email)];
    if (one !== other) person.set(one, other);
  }
  const personOf = (contact: { phone: string | null; email: string | null }) =>
    who((contact.phone ?? contact.email) as string);
  const began = (one: string | null) =>
    one === null
      ? Number.POSITIVE_INFINITY
      : (contacts.find((contact) => personOf(contact) === who(one))?.at ?? Number.POSITIVE_INFINITY);

  type Fact = World['outcomes'][number] & { id: string };
  const facts: (Fact & { person: string | null })[] = world.outcomes.map((outcome, index) => {
    const { phone: number, email: address, at: when, call } = outcome;
    const named = call === null ? undefined : contacts.find(({ id }) => id === `CA${call}`);
    const by =
      call !== null
        ? named && personOf(named)
        : number !== null && began(number) <= when
          ? who(number)
          : address !== null && began(address) <= when
            ? who(address)
            : undefined;
    return { ...outcome, id: `job-${index}`, person: by ?? null };
  });
  const later = (a: Fact, b: Fact) => a.at - b.at || (a.id < b.id ? -1 : 1);

  const leads: { contacts: typeof contacts; facts: Fact[] }[] = [];
  for (const one of new Set(contacts.map(personOf))) {
    const own: typeof leads = [];
    const moments = [...new Set([...contacts, ...facts].map((each) => each.at))].sort((a, b) => a - b);
    const leadWith = (call: number | null) => own.find((lead) => lead.contacts.some(({ id }) => id === `CA${call}`));
    for (const moment of moments) {
      for (const contact of contacts.filter((each) => each.at === moment && personOf(each) === one)) {
        const open = own.at(-1);
        const decided = open?.facts
          .filter((fact) => fact.at < moment)
          .sort(later)
          .at(-1)?.stage;
        const quiet = open ? moment - (open.contacts.at(-1)?.at ?? 0) > REOPEN * DAY : true;
        if (!open || quiet || decided === 'won' || decided === 'lost') own.push({ contacts: [contact], facts: [] });
        else open.contacts.push(contact);
        for (const fact of facts) {
          const isEarlier =
            fact.person === one && fact.call !== null && `CA${fact.call}` === contact.id && fact.at < moment;
          if (isEarlier) own.at(-1)?.facts.push(fact);
        }
      }
      for (const fact of facts.filter((each) => each.at === moment && each.person === one)) {
        const lead = fact.call === null ? own.at(-1) : leadWith(fact.call);
        lead?.facts.push(fact);
      }
    }
    leads.push(...own);
  }
  const answeredBy = (one: string) =>
    Math.max(
      0,
      ...world.calls.filter((call) => call.status === 'completed' && who(call.phone) === one).map((call) => call.at),
    );
  return {
    leads: leads
      .map((lead) => {
        const [first] = lead.contacts as [(typeof contacts)[number]];
        const calls = lead.contacts.filter(({ kind }) => kind === 'call');
        const said = [...lead.facts].sort(later);
        const qualified = calls.find(({ status, seconds }) => status === 'completed' && seconds >= 30)?.at;
        const stages: { stage: string; at: number; by: string }[] = [{ stage: 'new', at: first.at, by: first.kind }];
        if (qualified !== undefined && !said.some((fact) => fact.at <= qualified)) {
          stages.push({ stage: 'qualified', at: qualified, by: 'call' });
        }
        for (const fact of said) {
          if (fact.stage !== stages.at(-1)?.stage) stages.push({ stage: fact.stage, at: fact.at, by: 'outcome' });
        }
        const stageNow = stages.at(-1)?.stage;
        const value = said.at(-1)?.value ?? null;
        const reached = stages.some((each) => ['qualified', 'booked', 'won'].includes(each.stage)) ? 1 : 0;
        const lastCall = calls.at(-1);
        const day = first.at / DAY;
        return {
          day,
          first_kind: first.kind,
          first_id: first.id,
          first_at: first.at,
          last_at: lead.contacts.at(-1)?.at,
          calls: calls.length,
          forms: lead.contacts.length - calls.length,
          missed: lastCall?.status === 'missed' && answeredBy(personOf(first)) < lastCall.at ? 1 : 0,
          phone: lead.contacts.findLast((each) => each.phone !== null)?.phone ?? null,
          email: lead.contacts.findLast((each) => each.email !== null)?.email ?? null,
          name: lead.contacts.findLast((each) => each.name !== null)?.name ?? null,
          visitor: lead.contacts.find((each) => each.visitor !== null)?.visitor ?? null,
          stage: stageNow,
          value,
          stages,
          qualified: reached,
          contacts: lead.contacts.map(({ id }) => id),
          outcomes: lead.facts.map(({ id }) => id).sort(),
          touches: [{ day, position: 1, qualified: reached, won: stageNow === 'won' ? 1 : 0, value }],
        };
      })
      .sort((a, b) => a.first_at - b.first_at || (a.first_kind + a.first_id < b.first_kind + b.first_id ? -1 : 1)),
    waiting: facts.filter((fact) => !leads.some((lead) => lead.facts.includes(fact))).map(({ id }) => ({ id })),
  };
}

describe('leads', () => {
  it('are what a walk through time makes of calls, forms and outcomes', async () => {
    await inLedger('leads-naive', (core) => {
      fc.assert(
        fc.property(World, (world) => {
          empty(core);
          inOrder(core, world);
          expect(leadsIn(core)).toEqual(naive(world));
        }),
        { numRuns: 25 },
      );
    });
  });

  it('are the same in whatever order everything arrives, once or again, with calls that were spam for a while', async () => {
    const Steps = World.chain((world) =>
      fc.record({
        world: fc.constant(world),
        order: fc.shuffledSubarray(
          [
            ...world.calls.flatMap((_, index) => [`call ${index}`, `call ${index}`]),
            ...world.forms.map((_, index) => `form ${index}`),
            ...world.outcomes.flatMap((_, index) => [`outcome ${index}`, `outcome ${index}`]),
          ],
          { minLength: 2 * world.calls.length + world.forms.length + 2 * world.outcomes.length },
        ),
        was: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      }),
    );
    await inLedger('leads-shuffled', (core) => {
      fc.assert(
        fc.property(Steps, ({ world, order, was }) => {
          empty(core);
          inOrder(core, world);
          const expected = leadsIn(core);
          empty(core);
          const seen = new Set<string>();
          for (const step of order) {
            const [kind, text] = step.split(' ');
            const index = Number(text);
            if (kind === 'call') batch(core, [callOf(world, index, seen.has(step) ? undefined : was[index])], []);
            if (kind === 'form') batch(core, [], [formOf(world, index)]);
            if (kind === 'outcome') {
              const outcome = outcomeOf(world, index);
              // Said wrong at first.
              addOutcomes(core, [seen.has(step) ? outcome : { ...outcome, stage: 'lost', value: 7, phone: null }], 0);
            }
            seen.add(step);
          }
          expect(leadsIn(core)).toEqual(expected);
        }),
        { numRuns: 25 },
      );
    });
  });

  it('of many people with one address are one each, whichever comes in first', async () => {
    const People = fc.uniqueArray(fc.nat(11), { minLength: 4, maxLength: 10 });
    await inLedger('leads-shared', (core) => {
      fc.assert(
        fc.property(People, fc.constantFrom('phone', 'email'), (people, shared) => {
          empty(core);
          for (const one of people) {
            const who =
              shared === 'email'
                ? { phone: `+1212555${2000 + one}`, email: 'no@no.example' }
                : { phone: '+12125550100', email: `a${one}@x.example` };
            const rest = { session: null, visitor: null, page: null, name: null, erased: false };
            batch(
              core,
              [],
              [{ id: `f${one}`, at: FIRST + one, form: { id: null, name: null, action: null }, ...who, ...rest }],
            );
          }
          expect(core.all('SELECT n FROM lead')).toHaveLength(people.length > 5 ? people.length : 1);
        }),
        { numRuns: 12 },
      );
    });
  });

  it('keep the id they were given, whatever comes in before or between', async () => {
    await inLedger('leads-ids', (core) => {
      fc.assert(
        fc.property(World, fc.nat(9), (world, from) => {
          empty(core);
          world.calls.forEach((_, index) => {
            if (index >= from) batch(core, [callOf(world, index, false)], []);
          });
          const ids = core.all<{ id: string }>('SELECT id FROM lead').map(({ id }) => id);
          for (const id of ids) patchLead(core, id, { note: id }, FIRST);
          inOrder(core, { ...world, calls: world.calls.map((call) => ({ ...call, spam: false })) });
          for (const id of ids) expect(numberOfLead(core, id)).not.toBe(null);
          const notes = core.all<{ id: string; note: string | null }>('SELECT id, note FROM lead');
          for (const { id, note } of notes) if (note !== null && notes.length >= ids.length) expect(ids).toContain(id);
        }),
        { numRuns: 15 },
      );
    });
  });
});
