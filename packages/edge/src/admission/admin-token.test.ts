import { describe, expect, it } from 'vitest';
import { env } from '../../test/edge.ts';
import { authorize } from '../http/auth.ts';
import { adminTokenError } from './admin-token.ts';

const GUESSABLE = ['x', 'admin', 'secret', '123456789012345', 'a'.repeat(64), 'abababababababababab'];
const GOOD = ['test-admin-token', '0f8fad5bd9cb469fa16570867728950e', 'correct horse battery staple'];

const statusFor = async (token: string, more: object = {}) => {
  const request = new Request('https://edge.example/', { headers: { Authorization: `Bearer ${token}` } });
  return (await authorize(request, { ...env, ADMIN_TOKEN: token, ...more }, 'admin', null))?.status ?? null;
};

describe('an operator’s token', () => {
  it.each(GUESSABLE)('that can be guessed (%s) is at fault, and opens nothing in the Worker', async (token) => {
    expect(adminTokenError(token)).toMatch(/^ADMIN_TOKEN must/);
    expect(await statusFor(token)).toBe(401);
  });

  it.each(GUESSABLE)('%s opens the machine it is tried out on', async (token) => {
    expect(await statusFor(token, { LOCAL_WEBHOOKS: 'on' })).toBeNull();
  });

  it.each(GOOD)('%s is good', async (token) => {
    expect(adminTokenError(token)).toBeNull();
    if (!token.includes(' ')) expect(await statusFor(token)).toBeNull();
  });
});
