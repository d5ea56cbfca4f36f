import { api } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { admin, newSite, ORIGIN } from './edge.ts';

const read = (site: string, url: string, referrer?: string) =>
  admin.call(api.classify, { site, query: { url, ...(referrer === undefined ? {} : { referrer }) } });

describe('the tester of classification', () => {
  it('answers with everything a touch is read as, and the rule that fired', async () => {
    const site = await newSite(0);
    const url = `${ORIGIN}/roof?utm_source=Google&utm_medium=CPC&utm_campaign=Spring&utm_term=roof&utm_content=a&gclid=x`;
    expect(await read(site, url, 'https://www.google.com/')).toEqual({
      source: 'google',
      medium: 'cpc',
      campaign: 'Spring',
      term: 'roof',
      content: 'a',
      channel: 'Paid Search',
      clickIds: { gclid: 'x' },
      rule: 'utm tags: Paid Search',
    });
    expect(await read(site, `${ORIGIN}/`, 'https://t.co/abc')).toMatchObject({
      source: 'twitter',
      channel: 'Organic Social',
    });
  });

  it("takes the site's own hosts and the referrers it ignores for no touch", async () => {
    const site = await newSite(0, { ignoredReferrers: ['https://*.Booking.example/'] });
    expect(await read(site, `${ORIGIN}/`, 'https://shop.acme.example/cart')).toMatchObject({
      channel: 'Direct',
      rule: 'own site',
    });
    expect(await read(site, `${ORIGIN}/`, 'https://pay.booking.example/done')).toMatchObject({
      channel: 'Direct',
      rule: 'ignored referrer pay.booking.example',
    });
    expect(await read(site, `${ORIGIN}/`, 'https://notbooking.example/')).toMatchObject({ channel: 'Referral' });
    expect((await admin.call(api.getSite, { site })).ignoredReferrers).toEqual(['booking.example']);
  });

  it('survives what is no address, and asks for one where there is none', async () => {
    const site = await newSite(0);
    expect(await read(site, 'not an address', '::')).toMatchObject({ channel: 'Direct' });
    const missing = await admin.send(api.classify, { site });
    expect(missing.status).toBe(400);
  });
});
