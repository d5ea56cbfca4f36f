import { readFileSync } from 'node:fs';
import { api } from '@dialmark/shared';
import { expect, it } from 'vitest';
import { admin, logIn, open, testLayout, violations } from './dashboard.ts';

testLayout('calls', '#/acme/calls', (page) => page.getByRole('link', { name: '(212) 555-2000' }).waitFor());

/** `Call from (212) 555-2004`. */
const heading = (from: string | null | undefined) =>
  `Call from ${from?.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, '($1) $2-$3')}`;

it('keeps what narrows the calls in the address, and gives them as CSV', async () => {
  const page = await logIn('#/acme/calls');
  await page.getByLabel('Result').selectOption('missed');
  await page.getByRole('table').getByText('Missed', { exact: true }).first().waitFor();
  expect(page.url()).toContain('status=missed');
  await page.getByRole('table').getByText('Answered', { exact: true }).first().waitFor({ state: 'detached' });
  const downloaded = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const csv = readFileSync((await (await downloaded).path()) as string, 'utf8')
    .trim()
    .split('\r\n');
  const listed = await admin.call(api.listCalls, { site: 'acme', query: { status: 'missed', limit: '200' } });
  expect(csv[0]).toMatch(/^id,carrier,from,to/);
  expect(csv).toHaveLength(listed.items.length + 1);
  await page.reload();
  expect(await page.getByLabel('Result').inputValue()).toBe('missed');
  await page.getByLabel('Search').fill('212-555-2004');
  await page.getByText('(212) 555-2004').waitFor();
});

it('searches all calls, gives what it finds as CSV, and follows the address', async () => {
  const page = await open();
  // As if only a few calls had been loaded: what is searched is not what is shown.
  await logIn('#/acme/calls?spam=all', { page });
  await page.getByLabel('Search').fill('storm dam');
  const found = await admin.call(api.listCalls, { site: 'acme', query: { search: 'Storm Damage' } });
  expect(found.items.length).toBeGreaterThan(0);
  await page.getByText(new RegExp(`^${found.items.length} calls?, including spam`)).waitFor();
  expect(page.url()).toContain('search=storm+dam');
  const downloaded = page.waitForEvent('download');
  await page.getByRole('button', { name: 'CSV' }).click();
  const csv = readFileSync((await (await downloaded).path()) as string, 'utf8')
    .trim()
    .split('\r\n');
  expect(csv).toHaveLength(found.items.length + 1);
  await page.getByLabel('Search').fill('nothing such');
  await page.getByText('No calls match these filters').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Calls', exact: true }).click();
  await page.getByText(/^\d+ calls, excluding spam/).waitFor();
  expect(await page.getByLabel('Search').inputValue()).toBe('');
});

it('narrows by channel and campaign, and goes from call to call and back to the same list', async () => {
  const page = await logIn('#/acme/calls');
  await page.getByLabel('Channel').selectOption('Paid Search');
  await page.getByLabel('Campaign').selectOption('Spring Roofs');
  const query = { channel: 'Paid Search', campaign: 'Spring Roofs' };
  const [last, before] = (await admin.call(api.listCalls, { site: 'acme', query })).items;
  const title = (call: typeof last) => page.getByRole('heading', { level: 1, name: heading(call?.from) });
  await page.getByText(/^\d+ calls, excluding spam/).waitFor();
  await page.getByRole('table').getByRole('link').first().click();
  await title(last).waitFor();
  await page.getByRole('link', { name: 'Earlier call' }).click();
  await title(before).waitFor();
  await page.getByRole('link', { name: 'Later call' }).click();
  await title(last).waitFor();
  expect(await page.getByRole('link', { name: 'Later call' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Back to calls' }).click();
  await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
  expect(await page.getByLabel('Channel').inputValue()).toBe('Paid Search');
  expect(await page.getByLabel('Campaign').inputValue()).toBe('Spring Roofs');
});

it('draws only the rows in sight of ten thousand calls, and gets to the last', async () => {
  const page = await open();
  const [model] = (await admin.call(api.listCalls, { site: 'acme', query: { limit: '1' } })).items;
  const items = Array.from({ length: 10_000 }, (_, i) => ({
    ...model,
    id: `many-${i}`,
    startedAt: new Date(Date.now() - i * 60_000).toISOString(),
  }));
  await page.route('**/v1/sites/acme/calls?*', (route) => route.fulfill({ json: { items, cursor: null } }));
  await logIn('#/acme/calls', { page });
  const region = page.getByRole('region', { name: 'Calls, latest first' });
  const table = region.getByRole('table');
  await table.waitFor();
  expect(await table.getAttribute('aria-rowcount')).toBe('10001');
  expect(await table.locator('tbody tr').count()).toBeLessThan(60);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await table.locator('tr[aria-rowindex="10001"]').waitFor();
  expect(await table.locator('tbody tr').count()).toBeLessThan(60);
});

it('has its filters behind a button on a phone, and its list goes with the page', async () => {
  const page = await logIn('#/acme/calls?status=missed', { width: 390 });
  const filters = page.getByRole('button', { name: 'Filters (1)' });
  await filters.waitFor();
  expect(await page.getByLabel('Result').isVisible()).toBe(false);
  await filters.click();
  expect(await page.getByLabel('Result').inputValue()).toBe('missed');
  expect(await violations(page)).toEqual([]);
  const region = page.getByRole('region', { name: 'Calls, latest first' });
  expect(await region.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeLessThanOrEqual(0);
  // A table is as high as its rows.
  expect(
    await region.evaluate((element) => element.clientHeight - (element.firstElementChild as HTMLElement).offsetHeight),
  ).toBe(0);
});
