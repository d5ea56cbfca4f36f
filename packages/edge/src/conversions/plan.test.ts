import { DAY, type EpochMs, type Integration } from '@dialmark/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf, integrationOf, NOW } from '../../test/conversions/fixtures.ts';
import type { LeadChange, LeadStageFact } from './change.ts';
import { occasionOf } from './occasion.ts';
import { type Planned, plansFor } from './plan.ts';

const google = (more: object) =>
  integrationOf({
    kind: 'google_data_manager',
    customerId: '1',
    conversionActionId: '2',
    createdAt: '2026-01-01T00:00:00Z',
    ...more,
  }) as Integration;

const SENT: Planned = { event: 'conversion', revision: 0, position: 1, digest: 'a', value: 25, isBegun: true };

function plans(integration: Integration, change: object, planned: Planned[] = [], now = NOW) {
  const reading = { change: change as never, position: 2, digest: 'b' };
  return plansFor({ integration, off: null }, reading, planned, now).map(({ event, revision, value }) => ({
    event,
    revision,
    value,
  }));
}

describe('a new value of a conversion that was sent', () => {
  const changed = changeOf({ value: 90 });
  const same = [{ event: 'conversion', revision: 0, value: 90 }];

  it('is sent again within 55 days where the integration adjusts', () => {
    const adjust = google({ adjust: true });
    expect(plans(adjust, changed, [SENT])).toEqual([{ event: 'conversion', revision: 1, value: 90 }]);
    expect(plans(adjust, changed, [{ ...SENT, isBegun: false }])).toEqual(same);
    expect(plans(adjust, changed, [{ ...SENT, value: 90 }])).toEqual(same);
    expect(plans(adjust, changed, [SENT], (NOW + 56 * DAY) as EpochMs)).toEqual(same);
    expect(plans(google({}), changed, [SENT])).toEqual(same);
    const fromAds = google({ adjust: true, calls: 'from_ads' });
    expect(plans(fromAds, { ...changed, preset: 'google_call_asset' }, [SENT])).toEqual(same);
  });
});

describe('a lead', () => {
  const at = (day: number) => `2026-11-${10 + day}T12:00:00.000Z`;
  const leadOf = (stages: LeadStageFact[]): LeadChange => ({
    ...changeOf(),
    lead: { id: 'l_1', phone: '+12125550199', email: null, value: 1800, stages, touch: null, visitor: 'v_1' },
  });

  it('is told once it reaches the stage that an integration waits for, and calls are not', () => {
    const won = google({ rules: { on: 'won' } });
    expect(plans(won, changeOf())).toEqual([]);
    expect(plans(won, leadOf([{ stage: 'booked', at: at(1) }]))).toEqual([]);
    expect(plans(won, leadOf([{ stage: 'won', at: at(2) }]))).toEqual([
      { event: 'lead.won', revision: 0, value: 1800 },
    ]);
    expect(plans(google({}), leadOf([{ stage: 'won', at: at(2) }]))).toEqual([]);
  });

  it('is told to webhooks by the event of that stage, and by those they name', () => {
    const webhook = (more: object) =>
      integrationOf({ kind: 'webhook', url: 'https://crm.example/', createdAt: '2026-01-01T00:00:00Z', ...more });
    const lost = leadOf([
      { stage: 'new', at: at(0) },
      { stage: 'lost', at: at(1) },
    ]);
    const events = (more: object) => plans(webhook(more), lost).map(({ event }) => event);
    expect(events({ rules: { on: 'lead' } })).toEqual(['lead.created']);
    expect(events({ rules: { on: 'lead' }, events: ['lead.lost'] })).toEqual(['lead.created', 'lead.lost']);
    expect(events({})).toEqual([]);
  });

  it('has one name and one moment for a stage, in whatever order its stages were heard of', () => {
    const stages: LeadStageFact[] = [
      { stage: 'new', at: at(0) },
      { stage: 'booked', at: at(2) },
      { stage: 'won', at: at(4) },
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(stages, { minLength: 3 }), (shuffled) => {
        const qualified = occasionOf(leadOf(shuffled), 'lead.qualified');
        expect(qualified).toMatchObject({ name: 'l_1_qualified', at: Date.parse(at(2)) });
        expect(occasionOf(leadOf(shuffled), 'lead.lost')).toBeNull();
      }),
    );
  });
});
