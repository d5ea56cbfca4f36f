import { evictDurableObject, runDurableObjectAlarm } from 'cloudflare:test';
import { api, type EventRequestInput, type Form, type FormReportInput, type SiteConfigInput } from '@dialmark/shared';
import { describe, expect, it, vi } from 'vitest';
import {
  admin,
  env,
  leaseOf,
  ledgerNight,
  newSite,
  ORIGIN,
  pageHeaders,
  poolNight,
  takeLedgerAway,
  visitor,
} from './edge.ts';
import { everything } from './everything.ts';

const CONTACT = { email: 'Ana@Example.com', phone: '(212) 555-0123', name: 'Ana Lopez' };
const PAGE = { url: `${ORIGIN}/contact?utm_source=x`, referrer: 'https://other.example/', title: 'Contact' };

const siteWith = (forms: SiteConfigInput['forms'], config: Partial<SiteConfigInput> = {}) =>
  newSite(3, { forms, ...config } as Partial<SiteConfigInput>);

function sent(site: string, event: Partial<EventRequestInput> = {}, headers: Record<string, string> = {}) {
  const body = {
    type: 'form' as const,
    session: 's_1',
    visitor: 'v_1',
    page: PAGE,
    form: { id: 'contact', name: null, action: '/contact' },
    contact: CONTACT,
    ...event,
  };
  return visitor.send(api.event, { site, body, headers: { ...pageHeaders, ...headers } });
}

const report = (site: string, body: FormReportInput) => admin.send(api.reportForm, { site, body });
const forms = async (site: string, query: Record<string, string> = {}): Promise<Form[]> =>
  (await admin.call(api.listForms, { site, query })).items;

describe('forms that pages tell of', () => {
  it('are dropped unless the site wants them', async () => {
    const site = await newSite(3);
    expect((await admin.call(api.getSite, { site })).forms).toBe('off');
    expect((await sent(site)).status).toBe(204);
    expect(await forms(site)).toEqual([]);
  });

  it('are counted without saying who sent them', async () => {
    const site = await siteWith('count');
    await leaseOf(site, 's_1', { visitor: 'v_1' });
    expect((await sent(site)).status).toBe(204);
    expect(await forms(site)).toMatchObject([{ session: 's_1', form: { id: 'contact' }, contact: null }]);
    expect(await everything(site)).not.toMatch(/ana@example|5550123|Lopez/i);
  });

  it('are kept with their contact, in one notation, and with the touch of their visit', async () => {
    const site = await siteWith('contact');
    await leaseOf(site, 's_1', { visitor: 'v_1', page: { url: `${ORIGIN}/?utm_source=google&utm_medium=cpc` } });
    await sent(site);
    expect(await forms(site)).toMatchObject([
      {
        session: 's_1',
        visitor: 'v_1',
        form: { id: 'contact', name: null, action: '/contact' },
        contact: { email: 'ana@example.com', phone: '+12125550123', name: 'Ana Lopez' },
        page: PAGE,
        touch: {
          source: 'google',
          medium: 'cpc',
          channel: 'Paid Search',
          landingPage: `${ORIGIN}/?utm_source=google&utm_medium=cpc`,
        },
      },
    ]);
  });

  it('are kept of a visit that never leased, without a touch, and make no visit', async () => {
    const site = await siteWith('contact');
    await sent(site, { session: 's_9', visitor: null });
    expect(await forms(site)).toMatchObject([{ session: 's_9', visitor: null, page: PAGE, touch: null }]);
    expect((await admin.send(api.getSession, { site, id: 's_9' })).status).toBe(404);
  });

  it('are dropped without consent where that is required, and from robots', async () => {
    const site = await siteWith('contact', { consent: 'required' });
    expect((await sent(site, { visitor: null })).status).toBe(204);
    expect((await sent(site, {}, { 'User-Agent': 'Googlebot/2.1' })).status).toBe(204);
    expect(await forms(site)).toEqual([]);
    await sent(site);
    expect(await forms(site)).toHaveLength(1);
  });

  it.each([
    { email: 'nobody', phone: 'call me', name: ' ' },
    { email: '', phone: '', name: '' },
    { email: 'a@b', phone: '1', name: null },
  ])('keep no contact that is none: %j', async (contact) => {
    const site = await siteWith('contact');
    expect((await sent(site, { contact })).status).toBe(204);
    expect(await forms(site)).toMatchObject([{ contact: null }]);
  });

  it('keep telephone numbers hashed where callers are', async () => {
    const site = await siteWith('contact', { callers: 'hashed' });
    await sent(site);
    expect((await forms(site))[0]?.contact?.phone).toMatch(/^h_/);
    await admin.call(api.eraseCaller, { site, number: '+12125550123' });
    expect(await forms(site)).toMatchObject([{ contact: null }]);
  });

  it('are no more from one address in an hour than new visits', async () => {
    const site = await siteWith('count', { limits: { newLeasesPerAddressPerHour: 3 } });
    for (let i = 0; i < 6; i++) {
      expect(
        (await sent(site, { session: `s_${i}`, visitor: `v_${i}` }, { 'CF-Connecting-IP': '198.51.100.7' })).status,
      ).toBe(204);
    }
    await sent(site, { session: 's_x', visitor: 'v_x' }, { 'CF-Connecting-IP': '198.51.100.8' });
    expect(await forms(site)).toHaveLength(4);
  });

  it('are kept once in a spread site', async () => {
    const site = await siteWith('contact', { shards: 3 });
    for (let i = 0; i < 8; i++) await sent(site, { session: `s_${i}`, visitor: i % 2 ? `v_${i}` : null });
    for (let i = 0; i < 8; i++) for (let times = 0; times < 2; times++) await report(site, { id: `job-${i}` });
    expect((await forms(site)).map(({ id }) => id).sort()).toHaveLength(16);
  });
});

describe('forms that a server reports', () => {
  it('are one for each id, and later reports add to them', async () => {
    const site = await siteWith('contact');
    const at = '2026-11-20T10:00:00.000Z';
    const first = await report(site, {
      id: 'job-1',
      at,
      session: 's_1',
      visitor: 'v_1',
      form: { name: 'Quote' },
      contact: { email: 'a@b.example' },
    });
    expect([first.status, await first.json()]).toMatchObject([
      201,
      { id: 'job-1', at, contact: { email: 'a@b.example', phone: null } },
    ]);
    expect((await report(site, { id: 'job-1', contact: { phone: '+44 20 7946 0958' } })).status).toBe(200);
    expect(await forms(site)).toMatchObject([
      {
        id: 'job-1',
        at,
        session: 's_1',
        visitor: 'v_1',
        form: { name: 'Quote' },
        contact: { email: 'a@b.example', phone: '+442079460958' },
      },
    ]);
  });

  it('keep id, time, session and form where forms are only counted, and are refused where they are off', async () => {
    const counting = await siteWith('count');
    const body = { id: 'job-1', session: 's_1', visitor: 'v_1', form: { id: 'quote' }, contact: CONTACT, page: PAGE };
    expect((await report(counting, body)).status).toBe(201);
    expect(await forms(counting)).toMatchObject([
      { id: 'job-1', session: 's_1', visitor: null, form: { id: 'quote' }, contact: null, page: null },
    ]);
    const off = await newSite();
    const refused = await report(off, body);
    expect([refused.status, await refused.json()]).toMatchObject([409, { code: 'forms_off' }]);
  });

  it.each([
    [{}, 'id', 'required'],
    [{ id: 'a b' }, 'id', 'invalid_format'],
    [{ id: 'a', at: '2999-01-01T00:00:00Z' }, 'at', 'in_the_future'],
    [{ id: 'a', at: 'yesterday' }, 'at', 'invalid_time'],
    [{ id: 'a', contact: { email: 'x'.repeat(400) } }, 'contact.email', 'too_long'],
    [{ id: 'a', form: 'x' }, 'form', 'wrong_type'],
  ])('are refused where they are none: %j', async (body, path, code) => {
    const site = await siteWith('contact');
    const answer = await report(site, body as FormReportInput);
    expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ path, code }] }]);
  });

  it('are listed page by page, latest first, by time, visit and visitor, and as CSV', async () => {
    const site = await siteWith('contact');
    for (let i = 0; i < 5; i++)
      await report(site, {
        id: `job-${i}`,
        at: `2026-11-2${i}T10:00:00Z`,
        session: `s_${i % 2}`,
        visitor: `v_${i % 2}`,
      });
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: { items: Form[]; cursor: string | null } = await admin.call(api.listForms, {
        site,
        query: { limit: '2', ...(cursor ? { cursor } : {}) },
      });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(ids).toEqual(['job-4', 'job-3', 'job-2', 'job-1', 'job-0']);
    expect((await forms(site, { session: 's_1' })).map(({ id }) => id)).toEqual(['job-3', 'job-1']);
    expect((await forms(site, { visitor: 'v_0', from: '2026-11-21', to: '2026-11-23' })).map(({ id }) => id)).toEqual([
      'job-2',
    ]);
    expect((await admin.send(api.listForms, { site, query: { cursor: 'no' } })).status).toBe(400);
    const file = await admin.send(api.listForms, { site, headers: { Accept: 'text/csv' } });
    expect(await file.text()).toMatch(/^id,at,session,visitor,form\.id,.*\r\njob-4,/);
  });
});

describe('what is kept of forms', () => {
  it('outlives a restart, with the ledger away', async () => {
    const site = await siteWith('contact');
    await forms(site);
    const ledger = await takeLedgerAway(site);
    await sent(site);
    expect((await report(site, { id: 'job-1', contact: CONTACT })).status).toBe(201);
    await runDurableObjectAlarm(env.POOL.getByName(site));
    await evictDurableObject(env.POOL.getByName(site));
    await ledger.bringBack();
    expect(await forms(site)).toHaveLength(2);
  });

  it.each(['visitor', 'phone', 'email'] as const)(
    'is erased by %s, and later reports bring nothing back',
    async (by) => {
      const site = await siteWith('contact');
      await sent(site);
      await report(site, { id: 'job-1', visitor: 'v_1', contact: CONTACT });
      await forms(site);
      if (by === 'visitor') await admin.call(api.eraseVisitor, { site, id: 'v_1' });
      if (by === 'phone') await admin.call(api.eraseCaller, { site, number: '+12125550123' });
      if (by === 'email') await admin.call(api.eraseEmail, { site, email: 'ANA@example.com' });
      expect((await report(site, { id: 'job-1', contact: CONTACT })).status).toBe(200);
      const kept = await forms(site);
      expect(kept).toHaveLength(2);
      expect(kept.every(({ contact, visitor, session, page }) => !contact && !visitor && !session && !page)).toBe(true);
      expect(await everything(site)).not.toMatch(/ana@example|5550123|Lopez/i);
    },
  );

  it('is in the export of a visitor', async () => {
    const site = await siteWith('contact');
    await leaseOf(site, 's_1', { visitor: 'v_1' });
    await sent(site);
    await forms(site);
    const all = await admin.call(api.exportVisitor, { site, id: 'v_1' });
    expect(all.forms).toMatchObject([{ contact: { name: 'Ana Lopez' } }]);
  });

  it('is forgotten with what is older than the site keeps', async () => {
    const site = await siteWith('contact', { retentionDays: 30 });
    const at = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
    await report(site, { id: 'old', at: at(40), contact: CONTACT });
    await report(site, { id: 'new', at: at(2) });
    await forms(site);
    await poolNight(site);
    await ledgerNight(site);
    expect((await forms(site)).map(({ id }) => id)).toEqual(['new']);
    expect(await everything(site)).not.toMatch(/Lopez/);
    vi.useRealTimers();
  });
});
