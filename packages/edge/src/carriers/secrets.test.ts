import { CarriersPut, type SiteSecrets } from '@dialmark/shared/wire/forwarding';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { mergeSecrets, openSecrets, sealSecrets, shownSecrets } from './secrets.ts';

const keys = { current: 'a long random text of the Worker' };
const secrets: SiteSecrets = {
  twilio: { authToken: ['new', 'old'] },
  vonage: { signatureSecret: 'geheim ☎', apiKey: 'abcd1234' },
};

describe('carrier secrets at rest', () => {
  it('come back as they were', async () => {
    const sealed = await sealSecrets(keys, 'acme', secrets);
    expect(await openSecrets(keys, 'acme', sealed)).toEqual({ secrets, stale: false });
  });

  it('show nothing, and never twice the same', async () => {
    const [a, b] = await Promise.all([sealSecrets(keys, 'acme', secrets), sealSecrets(keys, 'acme', secrets)]);
    expect(a).toMatch(/^v1\.[\w-]{16}\.[\w-]+$/);
    expect(a).not.toBe(b);
  });

  it('are of no use to another site', async () => {
    expect(await openSecrets(keys, 'other', await sealSecrets(keys, 'acme', secrets))).toBeNull();
  });

  it('open under the previous key, and say that they should be sealed anew', async () => {
    const sealed = await sealSecrets(keys, 'acme', secrets);
    const rotated = { current: 'the next long random text', previous: keys.current };
    expect(await openSecrets(rotated, 'acme', sealed)).toEqual({ secrets, stale: true });
    expect(await openSecrets({ current: rotated.current }, 'acme', sealed)).toBeNull();
  });

  it('do not open when anything was changed', async () => {
    const sealed = await sealSecrets(keys, 'acme', secrets);
    const [version = '', nonce = '', ciphertext = ''] = sealed.split('.');
    const flipped = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1);
    for (const changed of [
      [version, flipped(nonce), ciphertext],
      [version, nonce, flipped(ciphertext)],
      [version, nonce, ciphertext.slice(0, -4)],
      [version, nonce, ''],
      [version, nonce.slice(4), ciphertext],
      ['v2', nonce, ciphertext],
      [version, nonce, ciphertext, 'more'],
      ['', '', ''],
      ['not sealed'],
    ]) {
      expect(await openSecrets(keys, 'acme', changed.join('.'))).toBeNull();
    }
  });

  it('are not sealed under no key', async () => {
    await expect(sealSecrets({ current: '' }, 'acme', secrets)).rejects.toThrow(RangeError);
  });
});

describe('carriers in a PUT', () => {
  const put = (carriers: unknown) => v.parse(CarriersPut, carriers);

  it('keep everything when left out', () => {
    expect(mergeSecrets(secrets, undefined)).toEqual(secrets);
    expect(mergeSecrets(secrets, put({}))).toEqual(secrets);
  });

  it('keep, replace, add and remove one by one', () => {
    const carriers = put({ twilio: { configured: true }, vonage: null, plivo: { authToken: 'p' } });
    expect(mergeSecrets(secrets, carriers)).toEqual({ twilio: secrets.twilio, plivo: { authToken: 'p' } });
    expect(mergeSecrets(secrets, put({ twilio: { authToken: 'other' } })).twilio).toEqual({ authToken: 'other' });
  });

  it('make nothing of `configured` where nothing was', () => {
    expect(mergeSecrets({}, put({ twilio: { configured: true } }))).toEqual({});
  });

  it('are shown as configured and can be put back as shown', () => {
    const shown = shownSecrets(secrets);
    expect(shown).toEqual({ twilio: { configured: true }, vonage: { configured: true } });
    expect(mergeSecrets(secrets, put(shown))).toEqual(secrets);
    expect(JSON.stringify(shown)).not.toContain('new');
  });
});
