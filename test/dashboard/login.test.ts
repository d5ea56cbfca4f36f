import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { expect, it } from 'vitest';
import { admin, edge, logIn, newSite, open, pictures, violations } from './dashboard.ts';
import { TOKEN } from './seed.ts';

it('opens its door to a good token only, keeps no token where scripts can read, and closes it again', async () => {
  const page = await open();
  await page.goto(edge);
  expect(page.url()).toBe(`${edge}/app/`);
  await page.getByText('ADMIN_TOKEN').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'login-1280.png') });
  await page.getByLabel('Token').fill('wrong');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('Token is invalid or was revoked.').waitFor();
  await page.getByLabel('Token').fill(TOKEN);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  expect(
    await page.evaluate(() => document.cookie + JSON.stringify({ ...localStorage, ...sessionStorage })),
  ).not.toContain(TOKEN);
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
});

it('shows a reader everything and lets them change nothing', async () => {
  const site = await newSite();
  const { token } = await admin.call(api.createToken, {
    body: { scopes: ['read'], site, name: 'Maren' },
  });
  const page = await logIn(`#/${site}/settings`, { token });
  await page.getByText('You can view settings but not change them').waitFor();
  await page.getByText('Logged in as Maren').waitFor();
  expect(await page.getByRole('button', { name: 'Save', exact: true }).count()).toBe(0);
  expect(await page.getByLabel('Country').isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
});
