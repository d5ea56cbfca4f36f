import { Integration } from '@dialmark/shared';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { whichCalls } from './which-calls.ts';

const saved = { id: 'one', secrets: { configured: true }, createdAt: '2026-11-24T12:00:00Z' };
const inWords = (given: object) => whichCalls(v.parse(Integration, { ...saved, ...given }), 'USD');

describe('whichCalls', () => {
  it('describes the defaults', () => {
    expect(inWords({ kind: 'webhook', url: 'https://crm.example/' })).toBe(
      'All calls, when ringing, completed, and updated later.',
    );
    expect(inWords({ kind: 'google_data_manager', customerId: '1', conversionActionId: '2' })).toBe(
      'Answered calls with consent, sent 6 hours after they start.',
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
      'Answered calls of at least 90 seconds, by first-time callers, from google or bing, through Paid Search, ' +
        'with a gclid, including spam, sent when completed, with a default value of $40.',
    );
  });
});
