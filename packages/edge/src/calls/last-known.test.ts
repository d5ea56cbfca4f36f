import type { EpochMs, Site } from '@dialmark/shared';
import { SiteConfig } from '@dialmark/shared/wire/site';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { carrierEvent } from './events.ts';
import { LastKnownSites, lastKnown, planFromMemory } from './last-known.ts';

const config = v.parse(SiteConfig, {
  targets: [
    { id: 'main', number: '+14155550100' },
    { id: 'sales', number: '+14155550200', destination: '+14155550222', forwarding: { voicemail: {} } },
  ],
});
const site: Site = { ...config, id: 'acme', carriers: {} };
const numbers = [
  { number: '+14155551000', target: 'main' },
  { number: '+14155551001', target: 'sales' },
];
const event = carrierEvent({
  carrier: 'twilio',
  kind: 'incoming',
  callId: 'CA1',
  eventId: 'incoming',
  leg: 'parent',
  at: 0 as EpochMs,
});
const known = lastKnown(site, 0, numbers, { twilio: 'encrypted' });
const ringsFirst = (number: string | null, of = known) => planFromMemory(of, number, event)?.steps[0];

describe('what was last known of a site', () => {
  it('rings the number’s own target, and the first for a number that is not known', () => {
    expect(ringsFirst('+14155551001')).toMatchObject({ kind: 'dial', destination: '+14155550222' });
    for (const number of ['+14155551000', '+14155559999', 'constructor', null]) {
      expect(ringsFirst(number)).toMatchObject({ kind: 'dial', destination: '+14155550100' });
    }
  });

  it('has the target’s own plan, voicemail and all', () => {
    expect(planFromMemory(known, '+14155551001', event)?.steps.map(({ kind }) => kind)).toEqual(['dial', 'voicemail']);
  });

  it('is asked of the shard that has the number', () => {
    const sites = new LastKnownSites();
    const other = lastKnown(site, 1, [{ number: '+14155551002', target: 'sales' }], {});
    sites.remember('acme', known);
    sites.remember('acme', other);
    expect(sites.recall('acme', '+14155551001')).toBe(known);
    expect(sites.recall('acme', '+14155551002')).toBe(other);
    expect(sites.versions('acme')).toEqual([known.version, other.version]);
    expect(sites.recall('nobody', null)).toBeNull();
  });

  it('is forgotten of the site that was heard of longest ago, once there are too many', () => {
    const sites = new LastKnownSites();
    sites.remember('first', known);
    sites.remember('second', known);
    sites.remember('first', known);
    for (let i = 0; i < 499; i++) sites.remember(`site ${i}`, known);
    expect(sites.recall('second', null)).toBeNull();
    expect(sites.recall('first', null)).toBe(known);
  });
});
