import { type E164, type EpochMs, rfc3339 } from '@dialmark/shared';
import type { CountedClient } from '../../edge/src/admission/client.ts';
import type { Attributing } from '../../edge/src/pool/attribution/attributing.ts';
import { patchCall, reportCall } from '../../edge/src/pool/attribution/calls.ts';
import type { SiteHabits } from '../../edge/src/pool/attribution/habits.ts';
import { record } from '../../edge/src/pool/leases/event.ts';
import { lease } from '../../edge/src/pool/leases/lease.ts';
import type { Leasing } from '../../edge/src/pool/leases/leasing.ts';
import type { Deed, PlannedCall, Visit } from './story.ts';

/** The product's own functions, as used here. */
export type Pool = Leasing & Attributing;

/** Has a pool live through what happened, each thing at its time, by the product's own rules. */
export function playDeeds(pool: Pool, deeds: readonly Deed[]): void {
  const taught: Pool = { ...pool, habits: asOfTheCall(pool.habits) };
  for (const deed of deeds) {
    switch (deed.does) {
      case 'arrive': {
        const { visit, url, referrer, at } = deed;
        const page = { url, referrer: referrer || null };
        lease(pool, { session: visit.session, visitor: visit.visitor, page }, clientOf(visit), at);
        break;
      }
      case 'read':
      case 'tap':
      case 'leave': {
        const { visit, url, at } = deed;
        const type = ({ read: 'pageview', tap: 'tel_click', leave: 'leave' } as const)[deed.does];
        record(pool, { type, session: visit.session, visitor: visit.visitor, page: { url } }, clientOf(visit), at);
        break;
      }
      case 'call':
        takeCall(taught, deed.call, deed.at);
        break;
      case 'note':
        patchCall(taught, deed.call, deed.patch);
    }
  }
}

function takeCall(pool: Pool, { id, from, to, status, durationSeconds }: PlannedCall, at: EpochMs): void {
  const dialled = typeof to === 'string' ? to : (numberShown(pool, to.session) ?? pool.site.targets[0]?.number);
  const call = { id, from: from as E164 | null, to: dialled as E164, startedAt: rfc3339(at) };
  reportCall(pool, { ...call, status, durationSeconds, value: null, test: false }, 'demo');
  pool.counters.noteCall(at);
}

/** Returns what stood on the page, which is what people dial, even days later. */
function numberShown(pool: Pool, session: string): E164 | null {
  const bindings = Object.values(pool.store.session(session)?.bindings ?? {}).flat();
  const last = bindings.at(-1);
  return last === undefined ? null : (pool.store.binding(last)?.number ?? null);
}

/** Habits are learned from fresh calls: these are as fresh as they were when they came. */
function asOfTheCall(habits: SiteHabits): SiteHabits {
  const learner: Pick<SiteHabits, 'model' | 'teach' | 'updateWeights'> = {
    get model() {
      return habits.model;
    },
    teach: (bindings, at) => habits.teach(bindings, at, at),
    updateWeights: (taught, counts) => habits.updateWeights(taught, counts),
  };
  return learner as SiteHabits;
}

function clientOf({ device, country }: Visit): CountedClient {
  return { robot: false, address: null, device, country };
}
