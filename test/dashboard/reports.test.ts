import { join } from 'node:path';
import { dayOf, type EpochMs } from '@dialmark/shared';
import { expect, it } from 'vitest';
import { logIn, newSite, open, pictures, testLayout, violations } from './dashboard.ts';
import { SITE } from './seed.ts';

testLayout('reports', '#/acme/reports', (page) =>
  page.getByRole('checkbox', { name: 'Compare Paid Search' }).waitFor(),
);

it('shows a report whole at 1280 pixels, and the calls behind a row', async () => {
  const page = await logIn('#/acme/reports');
  const region = page.getByRole('region', { name: 'Report table' });
  await region.getByRole('link', { name: 'Paid Search' }).waitFor();
  expect(
    await region.evaluate(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) => [
      scrollWidth - clientWidth,
      scrollHeight - clientHeight,
    ]),
  ).toEqual([0, 0]);
  await region.getByRole('link', { name: 'Paid Search' }).click();
  await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
  expect(page.url()).toMatch(/#\/acme\/calls\?from=[\d-]+&to=[\d-]+&channel=Paid\+Search&model=\w+$/);
  expect(await page.getByLabel('Channel').inputValue()).toBe('Paid Search');
  await page.goBack();
  await page.getByLabel('By', { exact: true }).selectOption('number');
  await page
    .getByRole('link', { name: /555-1000/ })
    .first()
    .click();
  await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
  expect(page.url()).toContain('number=%2B14155551000');
});

it('compares two rows of a report and says how sure it is', async () => {
  const page = await logIn('#/acme/reports');
  await page.getByRole('checkbox', { name: 'Compare Paid Search' }).check();
  await page.getByRole('checkbox', { name: 'Compare Direct' }).check();
  await page.getByRole('heading', { name: 'Paid Search or Direct?' }).waitFor();
  await page.getByText(/sure\.|too early|No clear difference/).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'comparison-1280.png') });
});

it('says that a period makes no sense, and which days it shows', async () => {
  const page = await logIn('#/acme/reports?from=2026-12-01&to=2026-01-01', { width: 390 });
  await page.getByText('The start date is after the end date. Showing the last 30 days.').waitFor();
  expect(await page.getByLabel('From', { exact: true }).inputValue()).toBe('2026-12-01');
  expect(await violations(page)).toEqual([]);
});

it('says what happened and what to do where the server fails, and goes on when it is back', async () => {
  const page = await open();
  let away = true;
  await page.route('**/v1/sites/acme/reports/**', (route) =>
    away
      ? route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          json: { type: 'about:blank', title: 'Unavailable', status: 503, detail: 'The ledger does not answer.' },
        })
      : route.fallback(),
  );
  await logIn('#/acme/reports', { page });
  await page.getByText('The ledger does not answer.').waitFor();
  expect(await violations(page)).toEqual([]);
  away = false;
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('checkbox', { name: 'Compare Paid Search' }).waitFor();
});

it('takes what ads cost from a file, and says which lines it could not read', async () => {
  const site = await newSite();
  const page = await logIn(`#/${site}/reports`);
  await page.getByRole('button', { name: 'Add costs' }).click();
  const today = dayOf(Date.now() as EpochMs, SITE.timeZone);
  await page.getByLabel('CSV file').setInputFiles({
    name: 'costs.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      `date,source,medium,campaign,cost\n${today},facebook,paid_social,Storm,75.5\nyesterday,x,y,z,1\n`,
    ),
  });
  await page.getByRole('button', { name: 'Import costs' }).click();
  await page.getByText('1 row added').waitFor();
  await page.getByText(/Line 3: date/).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByText('$75.50').first().waitFor();
});
