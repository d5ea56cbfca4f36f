import { api } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { admin, drain, leaseOf, mainOf, newSite, ORIGIN, pageHeaders, visitor } from './edge.ts';

const AD = `${ORIGIN}/roof?utm_source=google&utm_medium=cpc&utm_campaign=Spring%20Roofs&gclid=abc`;

describe('the main job', () => {
  it('attributes a call to the visit that was shown the number', async () => {
    const site = await newSite();
    const visit = await mainOf(site, 's_1', {
      visitor: 'v_1',
      page: { url: AD, referrer: 'https://www.google.com/' },
      touch: { url: AD, referrer: 'https://www.google.com/' },
    });
    expect(visit).toMatchObject({ kind: 'pool', national: expect.stringMatching(/^\(415\) 555-\d{4}$/) });
    const other = await mainOf(site, 's_2', { visitor: 'v_2' });
    expect(other.number).not.toBe(visit.number);
    await visitor.call(api.event, {
      site,
      headers: pageHeaders,
      body: { type: 'pageview', session: 's_1', visitor: 'v_1', page: { url: `${ORIGIN}/contact` } },
    });

    const call = await admin.call(api.reportCall, {
      site,
      body: {
        id: 'CA1',
        from: '+12125550199',
        to: visit.number as string,
        startedAt: new Date().toISOString(),
        durationSeconds: 93,
      },
    });
    expect(call).toMatchObject({
      id: 'CA1',
      carrier: 'api',
      target: 'main',
      status: 'completed',
      firstTime: true,
      spam: false,
      attribution: {
        match: 'active',
        binding: { number: visit.number, kind: 'pool', endedAt: null },
        session: {
          id: 's_1',
          landingPage: AD,
          referrer: 'https://www.google.com/',
          source: 'google',
          medium: 'cpc',
          campaign: 'Spring Roofs',
          channel: 'Paid Search',
          clickIds: { gclid: 'abc' },
          pages: 2,
        },
        visitor: { id: 'v_1', sessions: 1 },
        candidates: [],
      },
    });
    expect(call.attribution.confidence).toBeGreaterThan(0.9);

    await drain(site);
    const list = await admin.call(api.listCalls, { site, query: {} });
    // Its lead is known once the ledger has the call.
    expect(list).toEqual({ items: [{ ...call, lead: expect.stringMatching(/^l_/) }], cursor: null });
    const log = await admin.call(api.listBindings, { site, query: { session: 's_1' } });
    expect(log.items).toMatchObject([
      { number: visit.number, session: 's_1', visitor: 'v_1', kind: 'pool', endedAt: null },
    ]);
    const session = await admin.call(api.getSession, { site, id: 's_1' });
    expect(session).toMatchObject({ visitor: 'v_1', pages: 2, pageViews: [{ url: AD }, { url: `${ORIGIN}/contact` }] });
    expect(session.calls.map(({ id }) => id)).toEqual(['CA1']);
  });

  it('keeps the printed number when the pool is used up, and says so', async () => {
    const site = await newSite(1);
    await leaseOf(site, 's_1');
    expect(await mainOf(site, 's_2')).toMatchObject({ kind: 'fallback', reason: 'exhausted', number: '+14155550100' });
  });

  it('answers an AMP page in the form it wants, and attributes the call to it', async () => {
    const site = await newSite();
    const query = { clientId: 'amp-1', url: AD, referrer: 'https://www.google.com/', __amp_source_origin: ORIGIN };
    const ask = (headers: Record<string, string>) =>
      visitor.send(api.amp, { site, query, headers: { ...pageHeaders, ...headers } });
    const response = await ask({ Origin: 'https://acme-example.cdn.ampproject.org' });
    expect(response.headers.get('AMP-Access-Control-Allow-Source-Origin')).toBe(ORIGIN);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('https://acme-example.cdn.ampproject.org');
    const answer = (await response.json()) as { phoneNumber: string; formattedPhoneNumber: string };
    expect(answer).toEqual({
      phoneNumber: expect.stringMatching(/^\+1415555/),
      formattedPhoneNumber: expect.stringMatching(/^\(415\) 555-/),
    });
    const attribution = await admin.call(api.attribution, { site, query: { number: answer.phoneNumber } });
    expect(attribution).toMatchObject({
      match: 'active',
      session: { id: expect.stringMatching(/^amp_/), clickIds: { gclid: 'abc' } },
      visitor: { id: 'amp-1' },
    });
    expect((await ask({ Origin: 'https://evil.example' })).status).toBe(403);
    const unknown = await visitor.send(api.amp, { site, query: {}, headers: pageHeaders });
    expect(await unknown.json()).toEqual({ phoneNumber: '+14155550100', formattedPhoneNumber: '(415) 555-0100' });
  });

  it('takes the same call twice as one', async () => {
    const site = await newSite();
    const { number } = await mainOf(site, 's_1');
    const report = { id: 'CA1', from: '+12125550199', to: number as string, startedAt: new Date().toISOString() };
    const first = await admin.send(api.reportCall, { site, body: report });
    const second = await admin.send(api.reportCall, { site, body: report });
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(await second.json()).toEqual(await first.json());
  });
});
