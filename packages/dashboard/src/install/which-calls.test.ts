import { Integration } from '@dialmark/shared';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { whichCalls } from './which-calls.ts';

const saved = { id: 'one', secrets: { configured: true }, createdAt: '2026-11-24T12:00:00Z' };
const inWords = (given: object) => whichCalls(v.parse(Integration, { ...saved, ...given }), 'USD');

describe('whichCalls', () => {
  it('says what a destination does where nothing was chosen', () => {
    expect(inWords({ kind: 'webhook', url: 'https://crm.example/' })).toBe(
      'All calls: when one rings, is over, and changes later.',
    );
    expect(inWords({ kind: 'google_data_manager', customerId: '1', conversionActionId: '2' })).toBe(
      'Answered calls by visitors who agreed: sent 6 hours after they began.',
    );
  });

  it('names every rule, the delay and the value', () => {
    expect(
      inWords({
        kind: 'ga4',
        measurementId: 'G-ABC123DEF4',
        consent: 'implied',
        value: 40,
        rules: {
          answered: true,
          minSeconds: 90,
          firstTimeOnly: true,
          sources: ['google', 'bing'],
          channels: ['Paid Search'],
          clickId: 'gclid',
          spam: true,
        },
      }),
    ).toBe(
      'Answered calls of at least 90 seconds, by first-time callers, from google or bing, that came by Paid Search, ' +
        'after a click with gclid, spam too: sent when they are over, worth $40 where they have no value of their own.',
    );
  });
});
