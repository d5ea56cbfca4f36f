import { CarriersPut, type SiteSecrets } from '@dialmark/shared/wire/forwarding';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { bringsSecrets, decryptSecrets, encryptChanges, encryptSecrets, shownSecrets } from './carrier-secrets.ts';

const keys = { current: 'a long random text of the Worker' };
const secrets: SiteSecrets = {
  twilio: { authToken: ['new', 'old'] },
  vonage: { signatureSecret: 'geheim ☎', apiKey: 'abcd1234' },
};

describe('carrier secrets at rest', () => {
  it('come back as they were', async () => {
    const encrypted = await encryptSecrets(keys, 'acme', secrets);
    expect(await decryptSecrets(keys, 'acme', encrypted)).toEqual({ secrets, stale: false });
  });

  it('show nothing, and never twice the same', async () => {
    const [a, b] = await Promise.all([encryptSecrets(keys, 'acme', secrets), encryptSecrets(keys, 'acme', secrets)]);
    expect(a).toMatch(/^v1\.[\w-]{16}\.[\w-]+$/);
    expect(a).not.toBe(b);
  });

  it('are of no use to another site', async () => {
    expect(await decryptSecrets(keys, 'other', await encryptSecrets(keys, 'acme', secrets))).toBeNull();
  });

  it('open under the previous key, and say that they should be encrypted again', async () => {
    const encrypted = await encryptSecrets(keys, 'acme', secrets);
    const rotated = { current: 'the next long random text', previous: keys.current };
    expect(await decryptSecrets(rotated, 'acme', encrypted)).toEqual({ secrets, stale: true });
    expect(await decryptSecrets({ current: rotated.current }, 'acme', encrypted)).toBeNull();
  });

  it('do not open when anything was changed', async () => {
    const encrypted = await encryptSecrets(keys, 'acme', secrets);
    const [version = '', nonce = '', ciphertext = ''] = encrypted.split('.');
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
      ['not encrypted'],
    ]) {
      expect(await decryptSecrets(keys, 'acme', changed.join('.'))).toBeNull();
    }
  });

  it('are not encrypted under no key', async () => {
    await expect(encryptSecrets({ current: '' }, 'acme', secrets)).rejects.toThrow(RangeError);
  });
});

describe('carriers in a PUT', () => {
  const put = (carriers: unknown) => v.parse(CarriersPut, carriers);

  it('change nothing where they are left out, or said to be configured', async () => {
    expect(await encryptChanges(keys, 'acme', undefined)).toEqual({});
    expect(await encryptChanges(keys, 'acme', put({ twilio: { configured: true } }))).toEqual({});
  });

  it('are encrypted each by itself, and removed by null', async () => {
    const changes = await encryptChanges(keys, 'acme', put({ vonage: null, plivo: { authToken: 'p' } }));
    expect(changes).toEqual({ vonage: null, plivo: expect.any(String) });
    expect(await decryptSecrets(keys, 'acme', changes.plivo ?? '')).toEqual({
      secrets: { plivo: { authToken: 'p' } },
      stale: false,
    });
  });

  it('are shown as configured and can be put back as shown', async () => {
    const shown = shownSecrets({ twilio: 'encrypted twilio', vonage: 'encrypted vonage' });
    expect(shown).toEqual({ twilio: { configured: true }, vonage: { configured: true } });
    expect(await encryptChanges(keys, 'acme', put(shown))).toEqual({});
  });

  it('need a key of the Worker only where they bring secrets', () => {
    const none = [undefined, {}, { twilio: { configured: true } }, { twilio: null }];
    expect(none.filter((carriers) => bringsSecrets(carriers && put(carriers)))).toEqual([]);
    expect(bringsSecrets(put({ plivo: { authToken: 'p' } }))).toBe(true);
  });
});
