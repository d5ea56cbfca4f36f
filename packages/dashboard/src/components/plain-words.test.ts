import { ENGLISH, fieldErrors, NewIntegration, SiteConfig } from '@dialmark/shared';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { plainWords } from './plain-words.ts';

const faultsOf = (schema: v.GenericSchema, given: unknown) => {
  const parsed = v.safeParse(schema, given, ENGLISH);
  return Object.fromEntries(fieldErrors(parsed.issues ?? []).map((error) => [error.path, plainWords(error)]));
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
      name: 'This field is required.',
      'origins.0': expect.stringContaining('such as https://acme.example'),
      'targets.0.number': 'Enter the full number with its country code, such as +14155550132.',
      'lease.ttlSeconds': 'It must be at least 1.',
      'lease.cooldownSeconds': 'Enter a number.',
    });
  });

  it('says what to write where a destination is not right', () => {
    expect(faultsOf(NewIntegration, { kind: 'webhook', url: 'acme' }).url).toBe(
      'It must be a URL such as https://acme.example/hooks.',
    );
    expect(faultsOf(NewIntegration, { kind: 'ga4', measurementId: 'UA-1' }).measurementId).toBe(
      'It must be a measurement id such as G-ABC123DEF4.',
    );
    expect(faultsOf(NewIntegration, { kind: 'microsoft_ads', customerId: '1', accountId: '2' }).goalName).toBe(
      'This field is required.',
    );
  });

  it('makes a sentence of whatever else is said', () => {
    const sentence = (message: string) => plainWords({ code: 'not_applicable', message });
    expect(sentence('is only for source numbers')).toBe('It is only for source numbers.');
    expect(sentence('the number is in use')).toBe('The number is in use.');
  });
});
