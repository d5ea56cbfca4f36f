import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { expect, it } from 'vitest';
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
  await dialog.getByLabel('Campaign').fill('');
  await dialog.getByLabel('Source', { exact: true }).fill('');
  await dialog.getByLabel('Medium').fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('must have at least one condition').waitFor();
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
  await dialog.getByText('It must have at least one condition.').waitFor();
  expect(await violations(page)).toEqual([]);
  await dialog.getByLabel('Number', { exact: true }).fill('(415) 555-4210');
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
