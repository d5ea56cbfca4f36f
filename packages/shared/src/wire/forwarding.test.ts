import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { CarriersPut, Forwarding } from './forwarding.ts';

const key = 'eu2zvPjhY6odxV34Z/EsRiERvTodkev4Fq0SlK90Izg=';
const takes = (carriers: unknown) => v.safeParse(CarriersPut, carriers).success;

describe('carriers in a PUT', () => {
  it('takes one secret, or two while one replaces the other', () => {
    expect(takes({ twilio: { authToken: 'a' } })).toBe(true);
    expect(takes({ twilio: { authToken: ['new', 'old'] } })).toBe(true);
    expect(takes({ telnyx: { publicKey: [key, key] } })).toBe(true);
    expect(takes({ twilio: { authToken: ['a', 'b', 'c'] } })).toBe(false);
    expect(takes({ twilio: { authToken: [] } })).toBe(false);
    expect(takes({ twilio: { authToken: '' } })).toBe(false);
  });

  it('takes back what GET shows, and null to remove', () => {
    expect(takes({ twilio: { configured: true }, plivo: null })).toBe(true);
    expect(takes({ twilio: { configured: false } })).toBe(false);
  });

  it('refuses misspelt carriers and fields, which would look configured and are not', () => {
    expect(takes({ twillio: { authToken: 'a' } })).toBe(false);
    expect(takes({ twilio: { token: 'a' } })).toBe(false);
    expect(takes({ twilio: { authToken: 'a', configured: true } })).toBe(false);
    expect(takes({ vonage: { signatureSecret: 'a' } })).toBe(false);
  });

  it('refuses a Telnyx key that is no Ed25519 public key', () => {
    expect(takes({ telnyx: { publicKey: 'KEY0123' } })).toBe(false);
  });
});

describe('forwarding of a target', () => {
  it('rings the destination for 30 seconds with the caller shown, unless told otherwise', () => {
    expect(v.parse(Forwarding, {})).toEqual({
      callerId: 'caller',
      timeoutSeconds: 30,
      whisper: null,
      recording: null,
      overflow: null,
      voicemail: null,
      hours: null,
      language: 'en-US',
    });
  });

  it('announces a recording unless the announcement is switched off by name', () => {
    expect(v.parse(Forwarding, { recording: {} }).recording?.announcement).toBe('This call may be recorded.');
    expect(v.parse(Forwarding, { recording: { announcement: null } }).recording?.announcement).toBeNull();
  });

  it.each([
    ['a ring time no carrier takes', { timeoutSeconds: 2 }],
    [
      'an hour that is none',
      { hours: { open: [{ days: ['mon'], from: '25:00', to: '26:00' }], whenClosed: { kind: 'voicemail' } } },
    ],
    ['a day that is none', { hours: { open: [], closedOn: ['2026-02-30'], whenClosed: { kind: 'voicemail' } } }],
    ['a destination that is no E.164', { overflow: { destination: '555-0100' } }],
    ['an empty greeting', { voicemail: { greeting: ' ' } }],
  ])('refuses %s', (_, forwarding) => {
    expect(v.safeParse(Forwarding, forwarding).success).toBe(false);
  });
});
