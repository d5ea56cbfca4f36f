import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { expect, it, onTestFinished } from 'vitest';
import { serveBusinessSite } from '../business-site.ts';
import { admin, logIn, newSite, pictures, testLayout, violations } from './dashboard.ts';
import { ORIGIN } from './seed.ts';

testLayout('numbers', '#/acme/numbers', (page) => page.getByText('a number from the pool').waitFor());

it('tells which number a visit would get, and why', async () => {
  const page = await logIn('#/acme/numbers');
  await page.getByLabel('Landing page').fill(`${ORIGIN}/?utm_source=google&utm_medium=cpc&utm_campaign=brand`);
  await page.getByText('because it matches source google, medium cpc, campaign brand').waitFor();
  await page
    .getByRole('button', { name: /555-1000/ })
    .first()
    .click();
  await page.getByRole('dialog').getByText('State').waitFor();
  expect(await violations(page)).toEqual([]);
});

it('shows how full the pool was', async () => {
  const page = await logIn('#/acme/numbers');
  await page.getByRole('img', { name: 'Up to 24 numbers were in use at once, of 30 now in the pool.' }).waitFor();
  await page.getByLabel('Over', { exact: true }).selectOption('1');
  const card = page.getByRole('region', { name: 'Pool usage' });
  await card.getByText('As a table').click();
  expect(await card.getByRole('row').filter({ hasText: '24' }).count()).toBeGreaterThan(0);
});

it('changes the rule of a source number, and says what is wrong with one', async () => {
  const site = await newSite();
  const match = { source: 'google', medium: 'cpc', campaign: 'brand' };
  const source = { number: '+14155551077', target: 'main', kind: 'source', name: 'Google Ads brand', match } as const;
  await admin.call(api.addNumbers, { site, body: { numbers: [source] } });
  const page = await logIn(`#/${site}/numbers`);
  await page
    .getByRole('button', { name: /555-1077/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByLabel('Where people see it').inputValue()).toBe('site');
  await dialog.getByLabel('Campaign', { exact: true }).fill('');
  await dialog.getByLabel('Source', { exact: true }).fill('');
  await dialog.getByLabel('Medium', { exact: true }).fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('It must say when the number is shown').waitFor();
  await dialog.getByLabel('Landing page').fill('/brand*');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Saved').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'rule-1280.png') });
  const listed = await admin.call(api.listNumbers, { site, query: {} });
  expect(listed.items.find(({ number }) => number === '+14155551077')?.match).toEqual({ landingPage: '/brand*' });
});

it('counts a draining number nowhere as one of the pool, and adds a source number by its rule', async () => {
  const site = await newSite({ name: 'Demo: Few & Sons' }, 0);
  const rows = [1, 2, 3].map((n) => ({ number: `+1415555420${n}`, target: 'main' }));
  await admin.call(api.addNumbers, { site, body: { numbers: rows } });
  await admin.call(api.patchNumber, { site, number: '+14155554203', body: { status: 'draining' } });
  const page = await logIn(`#/${site}/numbers`);
  await page.getByText('Demo data').waitFor();
  await page.getByText('2 free, 0 cooling down, 0 in use, 1 more draining').waitFor();
  await page.getByText('a number from the pool (2 free now)').waitFor();
  await page.getByText('No visit used a number in this period.').waitFor();
  await page.getByRole('img', { name: 'Up to 0 numbers were in use at once, of 2 now in the pool.' }).waitFor();

  await page.getByRole('button', { name: 'Add numbers' }).click();
  const dialog = page.getByRole('dialog');
  expect(await dialog.getByRole('button', { name: 'Add', exact: true }).isDisabled()).toBe(true);
  await dialog.getByLabel('Numbers', { exact: true }).fill('call us');
  await dialog.getByRole('button', { name: 'Add 1 number' }).click();
  await dialog.getByText('Row 1 (call us): Enter the full number with its country code').waitFor();
  await dialog.getByLabel('Type').selectOption('source');
  await dialog.getByLabel('Number', { exact: true }).fill('555');
  await dialog.getByRole('button', { name: 'Add number' }).click();
  await dialog.getByText('Enter the full number with its country code').waitFor();
  await dialog.getByLabel('Number', { exact: true }).fill('(415) 555-4210');
  await dialog.getByRole('button', { name: 'Add number' }).click();
  await dialog.getByText('Choose where people see the number, or say what its calls count as.').waitFor();
  expect(await violations(page)).toEqual([]);
  await dialog.getByLabel('Where people see it').selectOption('site');
  await dialog.getByLabel('Name', { exact: true }).fill('Radio spot');
  await dialog.getByLabel('Source', { exact: true }).fill('radio');
  await dialog.getByRole('button', { name: 'Add number' }).click();
  await dialog.getByText('(415) 555-4210 added.').waitFor();
  const { items } = await admin.call(api.listNumbers, { site, query: {} });
  expect(items.find(({ kind }) => kind === 'source')).toMatchObject({
    number: '+14155554210',
    name: 'Radio spot',
    match: { source: 'radio' },
  });
});

it('adds a number by where people see it, edits what its calls count as, and counts earlier calls anew', async () => {
  const site = await newSite({}, 1);
  const page = await logIn(`#/${site}/numbers`);
  await page.getByRole('button', { name: 'Add numbers' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Type').selectOption('source');
  await dialog.getByLabel('Where people see it').selectOption('direct_mail');
  await dialog.getByLabel('Number', { exact: true }).fill('(415) 555-4220');
  await dialog.getByLabel('Name', { exact: true }).fill('Spring flyer');
  await dialog.getByText('Calls count as Offline: direct_mail / offline, campaign Spring flyer').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'add-source-1280.png') });
  await dialog.getByRole('button', { name: 'Add number' }).click();
  await dialog.getByText('(415) 555-4220 added.').waitFor();
  await dialog.getByText('Calls to it count as Offline.').waitFor();
  await dialog.getByRole('button', { name: 'Done' }).click();

  const number = '+14155554220';
  const id = `${site}-flyer`;
  const startedAt = new Date().toISOString();
  await admin.call(api.reportCall, {
    site,
    body: { id, from: '+12125550142', to: number, startedAt, durationSeconds: 60 },
  });
  const row = page.getByRole('row', { name: /555-4220/ });
  await row.getByText('Not shown on the site').waitFor();
  await row.getByText('direct_mail / offline, campaign Spring flyer').waitFor();
  await row.getByRole('button', { name: /555-4220/ }).click();
  await dialog.getByText('Change what its calls count as').click();
  await dialog.getByLabel('Counted campaign').fill('Rockridge');
  await dialog.getByLabel('Counted channel').selectOption('Referral');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('Saved').waitFor();
  const listed = async () =>
    (await admin.call(api.listNumbers, { site, query: {} })).items.find((each) => each.number === number);
  expect(await listed()).toMatchObject({
    preset: 'direct_mail',
    match: null,
    counts: { campaign: 'Rockridge', channel: 'Referral' },
    countsAs: { source: 'direct_mail', medium: 'offline', campaign: 'Rockridge', channel: 'Referral' },
  });
  await dialog.getByRole('button', { name: 'Recount earlier calls' }).click();
  await dialog.getByText('1 call recounted').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'edit-source-1280.png') });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.screenshot({ path: join(pictures, 'edit-source-390.png') });
  expect((await admin.call(api.getCall, { site, id })).attribution.touch).toMatchObject({ campaign: 'Rockridge' });
});

it('sends a test call to a number, which is counted nowhere and can be deleted', async () => {
  const site = await newSite({}, 1);
  await admin.call(api.addNumbers, {
    site,
    body: { numbers: [{ number: '+14155554230', target: 'main', kind: 'source', preset: 'radio', name: 'Spot' }] },
  });
  const page = await logIn(`#/${site}/numbers`);
  await page
    .getByRole('button', { name: /555-4230/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Send a test call' }).click();
  await dialog.getByRole('link', { name: 'See what it was matched to' }).click();
  await page.getByText('Dialed the number in the radio spot, Spot').waitFor();
  await page.getByText('It isn’t counted in any report').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'test-call-1280.png'), fullPage: true });
  const { items } = await admin.call(api.listCalls, { site, query: { test: 'only' } });
  expect(items).toHaveLength(1);
  expect((await admin.call(api.listCalls, { site })).items).toEqual([]);
  await page.getByRole('button', { name: 'Delete test call' }).click();
  await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
  await page.getByText('No calls match these filters').waitFor();
  expect((await admin.call(api.listCalls, { site, query: { test: 'include' } })).items).toEqual([]);
});

it('warns of a source number that the site’s own first page prints', async () => {
  const business = await serveBusinessSite(() => '', '<footer>Or call <b>415</b>.555.4240</footer>');
  onTestFinished(() => business.close());
  const site = await newSite({ origins: [business.origin] }, 1);
  const numbers = ['+14155554240', '+14155554241'].map((number, i) => {
    return { number, target: 'main', kind: 'source', preset: 'print', name: i === 0 ? 'Gazette' : 'Herald' };
  });
  await admin.call(api.addNumbers, { site, body: { numbers } });
  const page = await logIn(`#/${site}/numbers`);
  const card = page.getByRole('region', { name: 'Recommended pool size' });
  await card.getByText('(415) 555-4240 (Gazette) is a source number').waitFor();
  expect(await card.getByText('Herald').count()).toBe(0);
  expect(await violations(page)).toEqual([]);
});
