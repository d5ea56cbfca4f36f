import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import { expect, it, onTestFinished } from 'vitest';
import { startLocal } from '../../tools/local.ts';
import { serveBusinessSite } from '../business-site.ts';
import { receiveWebhooks } from '../webhook-receiver.ts';
import { logIn, open, pictures, violations } from './dashboard.ts';
import { TOKEN } from './seed.ts';
import { LOCAL } from './setup.ts';

it('takes an owner from nothing to an attributed call and the conversion sent for it', async () => {
  let tag = '';
  const business = await serveBusinessSite(() => tag);
  onTestFinished(() => business.close());
  const crm = await receiveWebhooks();
  onTestFinished(() => void crm.close());
  const local = await startLocal(LOCAL);
  onTestFinished(() => local.stop());
  const admin = createClient({ edge: local.edge, token: TOKEN });
  const page = await logIn('', { at: local.edge });
  await page.getByLabel('Business name').fill('First Roofing');
  await page.getByLabel('Website address').fill(business.origin);
  await page.getByLabel('Business phone number').fill('(415) 555-0100');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'new-site-1280.png') });
  await page.getByRole('button', { name: 'Create site' }).click();

  await page.getByRole('link', { name: 'Add numbers' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'first-steps-1280.png'), fullPage: true });
  await page.getByRole('link', { name: 'Add numbers' }).click();
  await page.getByRole('button', { name: 'Add numbers' }).click();
  await page.getByLabel('Numbers', { exact: true }).fill('(415) 555-0132\n(415) 555-0133\nnot a number');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Add 3 numbers' }).click();
  await page.getByText('2 numbers added.').waitFor();
  await page.getByText(/Row 3 \(not a number\)/).waitFor();
  await page.screenshot({ path: join(pictures, 'add-numbers-1280.png') });
  await page.getByRole('button', { name: 'Done' }).click();

  // The tag, before and after it is pasted.
  await page.getByRole('link', { name: 'Install', exact: true }).click();
  expect(await page.getByLabel('Page URL').inputValue()).toBe(business.origin);
  await page.getByRole('button', { name: 'Check page' }).click();
  await page.getByText('The tag isn’t on the page').waitFor();
  tag = /src="([^"]+)"/.exec((await page.locator('pre', { hasText: '<script async' }).textContent()) ?? '')?.[1] ?? '';
  await page.getByRole('button', { name: 'Check page' }).click();
  await page.getByText('The tag is installed.').waitFor();
  const places = page.getByRole('region', { name: 'Numbers on the page' });
  const rows = await places.locator('tbody tr').allInnerTexts();
  expect(rows.map((row) => row.split('\t').map((cell) => cell.trim()))).toEqual([
    ['Text', '(415) 555-0100', '(415) 555-0132'],
    ['Text', '415.555.0100', '415.555.0132'],
    ['Text', '415-555-0100', '415-555-0132'],
    ['Text', '+1 415 555 0100', '+1 415 555 0132'],
    ['Link', 'tel:+14155550100', 'tel:+14155550132'],
    ['Link', 'tel:415-555-0100', 'tel:415-555-0132'],
    ['Text', '+1-415-555-0100', 'unchanged: scripts, form fields and ignored elements are never changed'],
    ['Text', '4155550100', 'unchanged: part of a longer word or number'],
  ]);
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'check-1280.png'), fullPage: true });

  await page.getByRole('button', { name: 'Add integration' }).click();
  await page.getByLabel('Name').fill('CRM');
  await page.getByRole('dialog').getByLabel('URL').fill('nowhere');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByText('It must be a URL such as').waitFor();
  expect(
    await page
      .getByRole('dialog')
      .getByLabel('URL')
      .evaluate((field) => field === document.activeElement),
  ).toBe(true);
  await page.getByRole('dialog').getByLabel('URL').fill(crm.url);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  crm.signingSecret = (await page.getByText(/^whsec_/).textContent()) ?? '';
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByText(crm.url).waitFor();

  // A visitor comes from an ad, sees a number of their own, and taps it.
  const visitor = await open({ width: 390 });
  await visitor.goto(`${business.origin}/?utm_source=google&utm_medium=cpc&utm_campaign=Spring+Roofs&gclid=abc`);
  await visitor.waitForFunction(() => document.getElementById('header')?.textContent !== '(415) 555-0100');
  const shown = (await visitor.locator('#header').textContent()) ?? '';
  expect(['(415) 555-0132', '(415) 555-0133']).toContain(shown);
  const told = visitor.waitForResponse((response) => response.url().endsWith('/events'));
  await visitor.locator('#header').click();
  await told;

  await page.getByRole('link', { name: 'Calls', exact: true }).click();
  await page.getByText('No calls yet').waitFor();
  const call = {
    id: 'first-call',
    from: '+12125550199',
    to: `+1${shown.replace(/\D/g, '')}`,
    startedAt: new Date().toISOString(),
  };
  await admin.call(api.reportCall, { site: 'first-roofing', body: { ...call, status: 'ringing' } });
  // By itself, and with its context while it rings.
  const ringing = page.getByRole('status', { name: 'Live calls' });
  await ringing.getByText('(212) 555-0199').waitFor();
  expect(await ringing.textContent()).toContain('Paid Search · google · Spring Roofs');
  expect(await ringing.textContent()).toContain('Landed on /');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'ringing-1280.png') });
  await page.getByRole('region', { name: 'Calls, latest first' }).getByRole('link', { name: '(212) 555-0199' }).click();

  await page.getByRole('heading', { level: 1, name: 'Call from (212) 555-0199' }).waitFor();
  await page.getByText('This visit was showing the number when the call came in.').waitFor();
  await page.getByText('led to this call').waitFor();
  await page.getByText(`Tapped ${shown} to call`).waitFor();
  await admin.call(api.reportCall, { site: 'first-roofing', body: { ...call, durationSeconds: 125 } });
  await page.getByText('2:05 min', { exact: true }).waitFor();
  await page.getByLabel('Value in USD').fill('480');
  await page.getByRole('button', { name: 'Save value' }).click();
  await page.getByText('Saved', { exact: true }).waitFor();
  await page.getByLabel('Tag name').fill('outcome');
  await page.getByLabel('Tag value').fill('booked');
  await page.getByRole('button', { name: 'Add tag' }).click();
  await page.getByRole('button', { name: 'Remove tag outcome' }).waitFor();
  expect(await admin.call(api.getCall, { site: 'first-roofing', id: 'first-call' })).toMatchObject({
    value: 480,
    tags: { outcome: 'booked' },
  });

  // Sent once for it, and once more.
  await page.getByRole('link', { name: 'Install', exact: true }).click();
  const sent = page.getByRole('region', { name: 'Deliveries, latest first' });
  const completed = sent.getByRole('row').filter({ hasText: 'CRM' }).filter({ hasText: 'call.completed' });
  await completed.filter({ hasText: 'Delivered' }).first().waitFor();
  const toldOf = () => crm.accepted.filter(({ event }) => event.type === 'call.completed');
  await expect.poll(() => toldOf().length).toBeGreaterThan(0);
  const [first] = toldOf();
  const before = toldOf().filter(({ id }) => id === first?.id).length;
  await completed.last().getByRole('button', { name: 'Send again' }).click();
  await expect.poll(() => toldOf().filter(({ id }) => id === first?.id).length, { timeout: 15_000 }).toBe(before + 1);
  expect(await violations(page)).toEqual([]);
}, 180_000);
