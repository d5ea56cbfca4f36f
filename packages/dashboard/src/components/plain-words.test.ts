import { fieldErrors, NewIntegration, SiteConfig } from '@dialmark/shared';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { plainWords } from './plain-words.ts';

const faultsOf = (schema: v.GenericSchema, given: unknown) => {
  const parsed = v.safeParse(schema, given);
  return Object.fromEntries(fieldErrors(parsed.issues ?? []).map(({ path, message }) => [path, plainWords(message)]));
};

describe('plainWords', () => {
  it('says what to write where a site is not right', () => {
    expect(
      faultsOf(SiteConfig, {
        name: '',
        origins: ['acme'],
        targets: [{ id: 'main', number: '555' }],
        lease: { ttlSeconds: 0, cooldownSeconds: 'x' },
      }),
    ).toMatchObject({
      name: 'This is needed.',
      'origins.0': 'Write the address of the website, such as https://acme.example.',
      'targets.0.number': 'Write the whole number with its country code, such as +14155550132.',
      'lease.ttlSeconds': expect.stringMatching(/^At least \d+\.$/),
      'lease.cooldownSeconds': 'Write a number.',
    });
  });

  it('says what to write where a destination is not right', () => {
    expect(faultsOf(NewIntegration, { kind: 'webhook', url: '' }).url).toBe(
      'Write a whole address, such as https://acme.example/hooks.',
    );
    expect(faultsOf(NewIntegration, { kind: 'ga4', measurementId: 'UA-1' }).measurementId).toBe(
      'It must be a measurement id such as G-ABC123DEF4.',
    );
    expect(faultsOf(NewIntegration, { kind: 'microsoft_ads', customerId: '1', accountId: '2' }).goalName).toBe(
      'This is needed.',
    );
  });

  it('makes a sentence of whatever else is said', () => {
    expect(plainWords('is no target of this site')).toBe('It is no target of this site.');
    expect(plainWords('a source number needs a match')).toBe('A source number needs a match.');
  });
});
