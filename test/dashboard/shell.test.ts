import { expect, it } from 'vitest';
import { logIn, violations } from './dashboard.ts';

it('says that there is no such site, and never shows another in its place', async () => {
  const page = await logIn('#/nosite/calls');
  await page.getByRole('heading', { level: 1, name: 'Site “nosite” not found' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: 'Acme Roofing' }).first().waitFor();
});

it('is worked by keyboard alone', async () => {
  const page = await logIn('#/acme/overview');
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  await page.getByRole('link', { name: 'Calls', exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Calls');
  await page.getByRole('link', { name: '(212) 555-2000' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Call from (212) 555-2000' }).waitFor();

  await page.getByRole('link', { name: 'Numbers', exact: true }).focus();
  await page.keyboard.press('Enter');
  const add = page.getByRole('button', { name: 'Add numbers' });
  await add.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Add numbers' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await add.evaluate((element) => element === document.activeElement)).toBe(true);
});
