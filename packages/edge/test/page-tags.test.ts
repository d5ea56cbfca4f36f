import { createHmac } from 'node:crypto';
import { api, type SiteConfigInput } from '@dialmark/shared';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { countedValue } from '../src/pool/leases/page-tags.ts';
import { poolOf } from '../src/pool/shards/remote-pool.ts';
import { admin, env, newSite, ORIGIN, pageHeaders, visitor } from './edge.ts';
import { call, reportOf, settled, visit } from './journeys.ts';

afterAll(() => {
  vi.useRealTimers();
});

const DAY = { from: '2026-11-24', to: '2026-11-24' };
const SECRET = 'a secret of the site’s own server, long enough';
const OTHER = 'another secret of the same server, as long as it';
const signed = (userId: string, secret = SECRET) => ({
  userId,
  userIdSignature: createHmac('sha256', secret).update(userId).digest('hex'),
});
const tag = (site: string, name: string, data: Record<string, unknown>) =>
  visitor.call(api.event, {
    site,
    headers: pageHeaders,
    body: { type: 'tag', session: `s_${name}`, visitor: `v_${name}`, data },
  });

/** The value of a day with one call, whose visit was tagged. */
async function valueAfter(config: Partial<SiteConfigInput>, ...tags: Record<string, unknown>[]): Promise<number> {
  const site = await newSite(3, config);
  const shown = await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1' });
  for (const data of tags) await tag(site, '1', data);
  await call(site, 'CA1', shown, '2026-11-24T10:01:00Z');
  return (await reportOf(site, 'channel', DAY)).totals.value;
}

describe('what a tag of a page makes a call worth', () => {
  const on = { values: { tagMax: 500 } };
  it.each([
    ['nothing, as sites are made', {}, { value: 250 }, 0],
    ['what it says, within what the site allows', on, { value: 250 }, 250],
    ['at most what the site allows', on, { value: 5e9 }, 500],
    ['nothing where it is below zero', on, { value: -5e9 }, 0],
    ['nothing where it is no number', on, { value: 'NaN' }, 0],
    ['nothing by a name that only the edge writes', {}, { countedValue: 250 }, 0],
    ['nothing by that name where tags count, either', on, { countedValue: 5e9 }, 0],
  ])('is %s', async (_, config, data, value) => expect(await valueAfter(config, data)).toBe(value));

  it('is never negative, infinite or beyond what is allowed', () => {
    const anything = fc.oneof(fc.double(), fc.string(), fc.double().map(String), fc.anything());
    fc.assert(
      fc.property(anything, fc.double({ min: 0, max: 1e12, noNaN: true }), (given, most) => {
        const value = countedValue(given, most, false);
        return value === null || (value >= 0 && value <= most);
      }),
    );
  });
});

describe('who a tag says a visitor is', () => {
  /** Returns true if a visitor with this tag is taken for the one that the server vouched for. */
  async function joins(config: Partial<SiteConfigInput>, data: Record<string, unknown>): Promise<boolean> {
    const site = await newSite(3, config);
    for (const name of ['known', 'new']) {
      await visit(site, { at: '2026-11-24T10:00:00Z', visitor: `v_${name}`, session: `s_${name}` });
    }
    const body = { type: 'tag' as const, session: 's_known', visitor: 'v_known', data: { userId: 'u-17' } };
    await admin.call(api.event, { site, body });
    await tag(site, 'new', data);
    await settled(site);
    return (await admin.call(api.getVisitor, { site, id: 'v_new' })).linked.includes('v_known');
  }
  const secret = { signedUsers: { secret: SECRET } };

  it.each([
    ['signed by the server', secret, signed('u-17'), true],
    ['signed with the old secret while it changes', { signedUsers: { secret: [OTHER, SECRET] } }, signed('u-17'), true],
    ['unsigned', secret, { userId: 'u-17' }, false],
    ['unsigned, on a site without a secret', {}, { userId: 'u-17' }, false],
    ['signed with another secret', secret, signed('u-17', OTHER), false],
    ['signed for another user', secret, { ...signed('u-18'), userId: 'u-17' }, false],
    ['signed on a site without a secret', {}, signed('u-17'), false],
    ['signed with nothing', {}, { ...signed('u-17', '') }, false],
    ['by a name that only the edge writes', secret, { signedUserId: 'u-17' }, false],
    ['with a signature that is none', secret, { userId: 'u-17', userIdSignature: 'f'.repeat(63) }, false],
  ])('counts or not: %s', async (_, config, data, expected) => expect(await joins(config, data)).toBe(expected));

  it('stays a tag all the same, without its signature', async () => {
    const site = await newSite(3, secret);
    await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1' });
    await tag(site, '1', { ...signed('u-17'), plan: 'pro' });
    await settled(site);
    const { sessions } = await admin.call(api.getVisitor, { site, id: 'v_1' });
    expect(sessions[0]?.tags).toEqual({ userId: 'u-17', signedUserId: 'u-17', plan: 'pro' });
  });
});

describe('the secret that user ids are signed with', () => {
  it('is written and never read, and kept by a PUT of what GET shows', async () => {
    const site = await newSite(1, { signedUsers: { secret: SECRET } });
    const shown = await admin.call(api.getSite, { site });
    expect(shown.signedUsers).toEqual({ secret: { configured: true } });
    const stored = (await poolOf(env, site).site.configuration()) as object;
    expect(JSON.stringify(stored)).not.toContain(SECRET);
    const again = await admin.call(api.putSite, { site, body: shown as SiteConfigInput });
    expect(again.signedUsers).toEqual({ secret: { configured: true } });
    await visit(site, { at: '2026-11-24T10:00:00Z', visitor: 'v_1', session: 's_1', page: '/' });
    await tag(site, '1', signed('u-17'));
    await settled(site);
    expect((await admin.call(api.exportVisitor, { site, id: 'v_1' })).users).toEqual(['u-17']);
  });

  it.each([
    { signedUsers: { secret: 'short' } },
    { signedUsers: { secret: [] } },
    { signedUsers: { secret: [SECRET, SECRET, SECRET] } },
    { signedUsers: { key: SECRET } },
    { signedUsers: 'on' },
    { values: { tagMax: -1 } },
    { values: { tagMax: '500' } },
    { values: { tagMax: 1e13 } },
  ])('a configuration with %j is refused', async (config) => {
    const body = { origins: [ORIGIN], targets: [{ id: 'main', number: '+14155550100' }], ...config };
    const response = await admin.send(api.putSite, { site: 'refused', body: body as SiteConfigInput });
    expect(response.status).toBe(400);
  });
});
