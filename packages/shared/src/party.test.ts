import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithheld, numberIn } from './party.ts';

describe('numberIn', () => {
  it.each([
    ['+12125550199', '+12125550199'],
    ['12125550199', '+12125550199'],
    ['441234567890', '+441234567890'],
    // A plus that nobody escaped in a form.
    [' 12125550199', '+12125550199'],
    ['0012125550199', '+12125550199'],
    ['+1 (212) 555-0199', '+12125550199'],
    ['+1.212.555.0199', '+12125550199'],
    ['1 212 555 0199', '+12125550199'],
    ['+44 (0)20 7946 0000', '+442079460000'],
    ['sip:+14155550132@acme.sip.twilio.example;region=us1', '+14155550132'],
    ['sips:+14155550132@acme.example:5061;transport=tls', '+14155550132'],
    ['SIP:+14155550132@ACME.SIP.TWILIO.EXAMPLE', '+14155550132'],
    ['sip:14155550132@acme.example', '+14155550132'],
    ['sip:+14155550132;ext=7@acme.example;user=phone', '+14155550132'],
    ['sip:+14155550132:secret@acme.example', '+14155550132'],
    ['sip:+14155550132@acme.example?X-Tag=a%40b', '+14155550132'],
    ['sip:%2B14155550132@acme.example', '+14155550132'],
    ['sip%3A%2B14155550132%40acme.example', '+14155550132'],
    ['<sip:+14155550132@acme.example>', '+14155550132'],
    ['"Acme, Roofing" <sip:+14155550132@acme.example;user=phone>;tag=1c2d', '+14155550132'],
    ['"+1 212 555 0100" <sip:+14155550132@acme.example>', '+14155550132'],
    ['tel:+1-415-555-0132;ext=12', '+14155550132'],
    ['TEL:+14155550132', '+14155550132'],
    ['tel:415-555-0132;phone-context=+1', '+14155550132'],
    ['client:+14155550132', '+14155550132'],
    ['+14155550132@acme.example', '+14155550132'],
  ])('reads %s as %s', (text, number) => {
    expect(numberIn(text)).toBe(number);
  });

  it.each([
    'client:jenny',
    // Somebody's own name for a user, which may well be digits.
    'client:12125550199',
    'sip:jenny@acme.example',
    'sip:1001@pbx.example',
    'sip:192.168.100.200',
    'sip:acme.example',
    'whatever',
    '12345',
    '+0123456789',
    '+1234567890123456',
    '1212555019a',
    '１２１２５５５０１９９',
    // National forms: nobody says of which country.
    '(415) 555-0132',
    '415-555-0132',
    'tel:415-555-0132;phone-context=acme.example',
    '%',
    '<>',
    `sip:+14155550132@${'a'.repeat(600)}`,
    null,
    undefined,
    12125550199,
    {},
    ['+12125550199'],
  ])('finds no number in %j', (value) => {
    expect(numberIn(value)).toBeNull();
  });

  it('reads every number in each of the ways carriers write it, and finds only numbers in anything else', () => {
    const number = fc.stringMatching(/^\+[1-9]\d{6,14}$/).filter((text) => !isWithheld(text));
    const written = fc.constantFrom(
      (n: string) => n,
      (n: string) => n.slice(1),
      (n: string) => `sip:${n}@acme.example;region=us1`,
      (n: string) => `<sips:${n.slice(1)}@acme.example:5061>;tag=7`,
      (n: string) => `"A" <tel:${n}>`,
      (n: string) => encodeURIComponent(`sip:${n}@acme.example`),
    );
    fc.assert(
      fc.property(number, written, (n, write) => {
        expect(numberIn(write(n))).toBe(n);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(numberIn(text) ?? '+1234567').toMatch(/^\+[1-9]\d{6,14}$/);
      }),
    );
  });
});

describe('a withheld caller', () => {
  it.each([
    '',
    ' ',
    'anonymous',
    'Anonymous',
    'ANONYMOUS',
    'Restricted',
    'unavailable',
    'Unknown',
    'private',
    'Private Number',
    'blocked',
    'withheld',
    '+266696687',
    '266696687',
    '+7378742833',
    '+17378742833',
    '+2562533',
    '+8656696',
    '+86282452253',
    '0000000000',
    '+10000000000',
    'sip:anonymous@anonymous.invalid',
    'sip:8f2c@anonymous.invalid',
    '"Anonymous" <sip:anonymous@anonymous.invalid>;tag=1',
    '"+12125550199" <sip:anonymous@anonymous.invalid>',
    'sip:+266696687@carrier.example',
    'sip:restricted@carrier.example;user=phone',
    'tel:anonymous',
    'client:Anonymous',
  ])('is %j', (text) => {
    expect(isWithheld(text)).toBe(true);
    expect(numberIn(text)).toBeNull();
  });

  it.each([
    '+2666966870',
    '+266696688',
    '+12666966871',
    '+73787428330',
    '+73787428331',
    '+862824522530',
    '+8628245225',
    '+25625330000',
    '+865669600',
    '+10000000001',
    '+18000000001',
    '+12125550199',
  ])('is not %s', (number) => {
    expect(isWithheld(number)).toBe(false);
    expect(numberIn(number)).toBe(number);
  });

  it.each(['jenny', 'sip:jenny@acme.example', 'client:unknownsoldier', 'sip:1001@anonymous.example'])(
    'is not %s',
    (name) => {
      expect(isWithheld(name)).toBe(false);
    },
  );
});
