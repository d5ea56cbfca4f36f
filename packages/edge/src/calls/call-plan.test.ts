import type { E164, EpochMs } from '@dialmark/shared';
import { Forwarding, type ForwardingInput } from '@dialmark/shared/wire/forwarding';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { DESTINATION, OVERFLOW } from '../../test/carriers/fixtures.ts';
import { planFor, stepAfter } from './call-plan.ts';

const NY = 'America/New_York';
const OPEN = Date.parse('2026-11-24T12:00:00-05:00') as EpochMs;
const SHUT = Date.parse('2026-11-24T22:00:00-05:00') as EpochMs;
const office = [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'] as const, from: '09:00', to: '17:00' }].map((row) => ({
  ...row,
  days: [...row.days],
}));

const plan = (forwarding: ForwardingInput, at = OPEN, source: string | null = 'Google Ads') =>
  planFor({ destination: DESTINATION, forwarding: v.parse(Forwarding, forwarding) }, at, NY, source);
const kinds = (...args: Parameters<typeof plan>) =>
  plan(...args).steps.map((step) => (step.kind === 'dial' ? step.destination : step.kind));

describe('the plan for a call', () => {
  it('rings the destination, then the overflow, then takes a message', () => {
    expect(kinds({})).toEqual([DESTINATION]);
    expect(kinds({ overflow: { destination: OVERFLOW as E164 }, voicemail: {} })).toEqual([
      DESTINATION,
      OVERFLOW,
      'voicemail',
    ]);
  });

  it('says where the call came from, also where that is not known', () => {
    const whisper = (source: string | null) => {
      const step = plan({ whisper: 'Call from {source}.' }, OPEN, source).steps[0];
      return step?.kind === 'dial' ? step.whisper : undefined;
    };
    expect(whisper('Google Ads')).toBe('Call from Google Ads.');
    expect(whisper('$& {source}')).toBe('Call from $& {source}.');
    expect(whisper('x'.repeat(5000))).toBe(`Call from ${'x'.repeat(60)}.`);
    expect(whisper(null)).toBe('Call from your website.');
  });

  it.each([
    ['another phone', { kind: 'destination', destination: OVERFLOW }, [OVERFLOW, 'voicemail']],
    ['voicemail', { kind: 'voicemail' }, ['voicemail']],
    ['a message', { kind: 'message', message: 'Closed.' }, ['message']],
  ] as const)('is %s outside opening hours', (_, whenClosed, steps) => {
    const forwarding: ForwardingInput = { voicemail: {}, hours: { open: office, whenClosed } };
    expect(kinds(forwarding, SHUT)).toEqual(steps);
    expect(kinds(forwarding, OPEN)).toEqual([DESTINATION, 'voicemail']);
  });

  it('never rings the number that was dialled', () => {
    const forwarding = v.parse(Forwarding, { overflow: { destination: OVERFLOW } });
    const { steps } = planFor({ destination: DESTINATION, forwarding }, OPEN, NY, null, DESTINATION);
    expect(steps).toMatchObject([{ kind: 'dial', destination: OVERFLOW }]);
  });

  it('rings rather than drops the call where voicemail is wanted but not set up', () => {
    expect(kinds({ hours: { open: [], whenClosed: { kind: 'voicemail' } } }, SHUT)).toEqual([DESTINATION]);
  });

  it('announces only what it records', () => {
    expect(plan({})).toMatchObject({ record: false, announcement: null });
    expect(plan({ recording: { announcement: 'On tape.' } })).toMatchObject({ record: true, announcement: 'On tape.' });
  });

  it('ends after the last step', () => {
    const two = plan({ voicemail: {} });
    expect([stepAfter(two, 0), stepAfter(two, 1)]).toEqual([1, null]);
  });
});
