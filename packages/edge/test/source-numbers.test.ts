import {
  api,
  type Call,
  type E164,
  type Model,
  type NewNumber,
  NumberPreset,
  PRESETS,
  type ReportRow,
} from '@dialmark/shared';
import type * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { poolOf } from '../src/pool/shards/remote-pool.ts';
import { admin, env, leaseOf, mainOf, newSite, ORIGIN, takeLedgerAway, worker } from './edge.ts';

type Given = Partial<v.InferInput<typeof NewNumber>>;
const FLYER = '+14155550177' as E164;
const today = () => new Date().toISOString().slice(0, 10);

async function withNumber(given: Given, number: string = FLYER): Promise<string> {
  const site = await newSite(1);
  await addNumber(site, given, number);
  return site;
}

const addNumber = (site: string, given: Given, number: string = FLYER) =>
  admin.call(api.addNumbers, {
    site,
    body: { numbers: [{ number, target: 'main', kind: 'source', ...given }] },
  });

let calls = 0;
const call = (site: string, to: string, from: string | null = '+12125550199', minutesAgo = 0): Promise<Call> =>
  admin.call(api.reportCall, {
    site,
    body: {
      id: `c${++calls}`,
      from,
      to,
      startedAt: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
      durationSeconds: 90,
    },
  });

async function rowsOf(site: string, dimension: string, model: Model = 'last'): Promise<Record<string, ReportRow>> {
  const { rows } = await admin.call(api.report, { site, dimension, query: { model, from: today(), to: today() } });
  return Object.fromEntries(rows.map((row) => [row.key, row]));
}

const shown = async (site: string) => {
  const { items } = await admin.call(api.listNumbers, { site });
  return items.find(({ number }) => number === FLYER);
};

async function refusal(site: string, numbers: unknown[]) {
  const response = await worker(
    new Request(`https://edge.example/v1/sites/${site}/numbers`, {
      method: 'POST',
      headers: { Authorization: 'Bearer test-admin-token', 'Content-Type': 'application/json' },
      body: JSON.stringify({ numbers }),
    }),
  );
  const { errors } = (await response.json()) as { errors: { path: string; code: string }[] };
  return [response.status, errors.map(({ path, code }) => `${path}: ${code}`)];
}

describe('a number that carries a source of its own', () => {
  it.each(NumberPreset.options)('counts as its preset says: %s', async (preset) => {
    const site = await withNumber({ preset, name: 'Spring shopping' });
    const countsAs = { ...PRESETS[preset], campaign: 'Spring shopping', term: null, content: null };
    expect(await shown(site)).toMatchObject({ match: null, preset, counts: null, countsAs });
    const { attribution } = await call(site, FLYER);
    expect(attribution).toMatchObject({
      match: 'source',
      session: null,
      visitor: null,
      touch: { ...countsAs, number: FLYER, numberName: 'Spring shopping' },
    });
    expect(await rowsOf(site, 'channel')).toMatchObject({
      [countsAs.channel]: { calls: 1, visits: 0, callRate: null },
    });
  });

  it('lets counts fill, override and clear what the preset says', async () => {
    const counts = { source: 'Gazette', campaign: 'Roofs', term: 'page 3', content: null };
    const site = await withNumber({ preset: 'print', name: 'Ad', counts });
    expect((await shown(site))?.countsAs).toEqual({
      source: 'gazette',
      medium: 'offline',
      campaign: 'Roofs',
      term: 'page 3',
      content: null,
      channel: 'Offline',
    });
    await admin.call(api.patchNumber, {
      site,
      number: FLYER,
      body: { counts: { campaign: null, source: 'facebook', medium: 'cpc' } },
    });
    expect((await shown(site))?.countsAs).toMatchObject({ campaign: null, channel: 'Paid Social' });
    await admin.call(api.patchNumber, { site, number: FLYER, body: { counts: { channel: 'Referral' } } });
    expect((await shown(site))?.countsAs).toMatchObject({ source: 'print', campaign: 'Ad', channel: 'Referral' });
  });

  it('counts as what its rule names where nothing else says so', async () => {
    const site = await withNumber({ match: { source: 'Google', medium: 'CPC', campaign: 'Brand' } });
    expect((await shown(site))?.countsAs).toMatchObject({
      source: 'google',
      medium: 'cpc',
      campaign: 'Brand',
      channel: 'Paid Search',
    });
    const other = await withNumber({ match: { landingPage: '/radio' } });
    expect((await shown(other))?.countsAs).toMatchObject({ source: null, medium: null, channel: 'Unassigned' });
    await call(other, FLYER);
    for (const dimension of ['source', 'medium', 'campaign', 'landing_page', 'referrer', 'device']) {
      expect(Object.keys(await rowsOf(other, dimension))).toEqual(['(none)']);
    }
  });

  it('needs something that says where its calls come from', async () => {
    const site = await newSite(1);
    const row = { number: FLYER, target: 'main', kind: 'source' };
    expect(await refusal(site, [row])).toEqual([400, ['numbers.0.match: required']]);
    expect(await refusal(site, [{ ...row, counts: {} }])).toEqual([400, ['numbers.0.match: required']]);
    expect(await refusal(site, [{ ...row, preset: 'skywriting' }])).toEqual([400, ['numbers.0.preset: not_one_of']]);
    expect(await refusal(site, [{ ...row, counts: { channel: 'Skywriting' } }])).toEqual([
      400,
      ['numbers.0.counts.channel: not_one_of'],
    ]);
    expect(await refusal(site, [{ ...row, kind: 'pool', preset: 'radio' }])).toEqual([
      400,
      ['numbers.0.preset: not_applicable'],
    ]);
    await addNumber(site, { preset: 'radio' });
    await expect(admin.call(api.patchNumber, { site, number: FLYER, body: { preset: null } })).rejects.toMatchObject({
      problem: { code: 'invalid_request' },
    });
  });

  it('is never shown on the site without a rule', async () => {
    const site = await withNumber({ preset: 'radio' });
    expect((await mainOf(site, 's_1', { visitor: 'v_1' })).kind).toBe('pool');
  });

  it('is the last touch of a known caller, and one in their later journeys', async () => {
    const site = await withNumber({ preset: 'direct_mail', name: 'Flyer' });
    const page = { url: `${ORIGIN}/?utm_source=google&utm_medium=cpc` };
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1', page });
    expect((await call(site, number as string)).attribution.touch).toMatchObject({
      channel: 'Paid Search',
      number: null,
    });
    const byFlyer = await call(site, FLYER);
    expect(byFlyer.attribution).toMatchObject({
      match: 'caller',
      visitor: { id: 'v_1' },
      touch: { channel: 'Offline', numberName: 'Flyer' },
    });
    expect(await rowsOf(site, 'channel', 'last')).toMatchObject({
      'Paid Search': { calls: 1 },
      Offline: { calls: 1, visits: 0 },
    });
    expect(await rowsOf(site, 'channel', 'first')).toMatchObject({ 'Paid Search': { calls: 2 } });
    expect(await rowsOf(site, 'channel', 'linear')).toMatchObject({
      'Paid Search': { calls: 1.5 },
      Offline: { calls: 0.5 },
    });
    await call(site, number as string);
    expect(await rowsOf(site, 'channel', 'linear')).toMatchObject({
      'Paid Search': { calls: 2 },
      Offline: { calls: 1 },
    });
  });

  it('puts its calls into the journey of a known caller at once, ledger or not', async () => {
    const site = await withNumber({ preset: 'direct_mail', name: 'Flyer' });
    const { number } = await mainOf(site, 's_1', { visitor: 'v_1', page: { url: `${ORIGIN}/` } });
    const byVisit = await call(site, number as string);
    const away = await takeLedgerAway(site);
    const byFlyer = await call(site, FLYER);
    const { value } = await poolOf(env, site).people.journey('v_1', { after: null, limit: 10 });
    expect(value?.calls.map(({ id }) => id)).toEqual([byVisit.id, byFlyer.id]);
    await away.bringBack();
    const { calls } = await admin.call(api.getVisitor, { site, id: 'v_1' });
    expect(calls.map(({ id, attribution }) => [id, attribution.touch?.number])).toEqual([
      [byVisit.id, null],
      [byFlyer.id, FLYER],
    ]);
  });

  it('leaves the call to a visit that was shown it', async () => {
    const site = await withNumber({ match: { landingPage: '/roof' }, preset: 'radio' });
    await leaseOf(site, 's_1', { visitor: 'v_1', page: { url: `${ORIGIN}/roof?utm_source=news&utm_medium=email` } });
    expect((await call(site, FLYER)).attribution).toMatchObject({
      session: { id: 's_1' },
      touch: { source: 'news', number: null },
    });
    expect(Object.keys(await rowsOf(site, 'channel'))).toEqual(['Email']);
  });

  it('has a cost per call, and is found by filters and in CSV', async () => {
    const site = await withNumber({ preset: 'print', name: 'Gazette', counts: { source: 'Gazette', term: 'page 3' } });
    await call(site, FLYER);
    await admin.call(api.addCosts, {
      site,
      body: { rows: [{ date: today(), source: 'Gazette', medium: 'offline', cost: 50 }] },
    });
    expect(await rowsOf(site, 'channel')).toMatchObject({ Offline: { cost: 50, costPerCall: 50 } });
    expect(await rowsOf(site, 'source')).toMatchObject({ gazette: { costPerCall: 50 } });
    for (const query of [
      { channel: 'Offline' },
      { source: 'gazette' },
      { medium: 'offline' },
      { campaign: 'Gazette' },
      { term: 'page 3' },
    ]) {
      expect((await admin.call(api.listCalls, { site, query })).items).toHaveLength(1);
    }
    expect((await admin.call(api.listCalls, { site, query: { channel: 'Direct' } })).items).toHaveLength(0);
    const csv = await worker(
      new Request(`https://edge.example/v1/sites/${site}/calls`, {
        headers: { Authorization: 'Bearer test-admin-token', Accept: 'text/csv' },
      }),
    ).then((response) => response.text());
    expect(csv.split('\r\n')[0]).toContain('attribution.touch.channel,attribution.touch.number');
    expect(csv).toContain('Offline');
  });

  it('keeps what a call counted as until it is recounted', async () => {
    const site = await withNumber({ preset: 'radio', name: 'Spot' });
    await call(site, FLYER, null);
    await admin.call(api.patchNumber, { site, number: FLYER, body: { preset: 'tv', name: 'Show' } });
    expect(Object.keys(await rowsOf(site, 'source'))).toEqual(['radio']);
    await call(site, FLYER, null);
    expect(Object.keys(await rowsOf(site, 'source')).sort()).toEqual(['radio', 'tv']);
    expect(await admin.call(api.recountNumber, { site, number: FLYER })).toEqual({ recounted: 1 });
    expect(await rowsOf(site, 'source')).toMatchObject({ tv: { calls: 2 } });
    expect(await rowsOf(site, 'campaign')).toMatchObject({ Show: { calls: 2 } });
  });

  it('counts calls from before it was added, once it is recounted', async () => {
    const site = await newSite(1);
    await call(site, FLYER);
    expect(Object.keys(await rowsOf(site, 'source'))).toEqual(['(unattributed)']);
    await addNumber(site, { preset: 'yelp' });
    await admin.call(api.recountNumber, { site, number: FLYER });
    expect(Object.keys(await rowsOf(site, 'source'))).toEqual(['yelp']);
  });

  it('still counts a call whose caller was erased', async () => {
    const site = await withNumber({ preset: 'yelp' });
    const { id } = await call(site, FLYER);
    await admin.call(api.eraseCaller, { site, number: '+12125550199' });
    expect((await admin.call(api.getCall, { site, id })).attribution).toMatchObject({
      match: 'source',
      touch: { source: 'yelp' },
    });
    expect(await rowsOf(site, 'source')).toMatchObject({ yelp: { calls: 1 } });
  });
});
