import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { expect, it, onTestFinished } from 'vitest';
import { receiveWebhooks } from '../webhook-receiver.ts';
import { admin, logIn, newSite, pictures, testLayout, violations } from './dashboard.ts';

testLayout('settings', '#/acme/settings', (page) => page.getByRole('button', { name: 'Create token' }).waitFor());

it('shows what is wrong with a setting at its field, and saves what is right', async () => {
  const site = await newSite();
  const page = await logIn(`#/${site}/settings`);
  await page.getByLabel('Number as printed').fill('555');
  await page.getByLabel('Hold a number for', { exact: true }).fill('0');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Enter the full number with its country code').waitFor();
  await page.getByText('At least 1 second.').waitFor();
  // The fields say it all: no box says it again.
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(await page.getByLabel('Number as printed').evaluate((field) => field === document.activeElement)).toBe(true);
  await page.screenshot({ path: join(pictures, 'settings-errors-1280.png'), fullPage: true });
  await page.getByLabel('Number as printed').fill('+14155550100');
  await page.getByLabel('Hold a number for', { exact: true }).fill('30');
  await page.getByLabel('Cooldown', { exact: true }).fill('2');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  expect((await admin.call(api.getSite, { site })).lease).toMatchObject({ cooldownSeconds: 7200 });
});

it('sets the hours of a target', async () => {
  const site = await newSite();
  const page = await logIn(`#/${site}/settings`);
  await page.getByText('Call handling').click();
  await page.getByLabel('Use business hours').check();
  await page.getByLabel('Fri').uncheck();
  await page.getByRole('button', { name: 'Add hours' }).click();
  await page.getByLabel('After hours').selectOption('destination');
  await page.getByLabel('Rings at', { exact: true }).last().fill('555');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Enter the full number with its country code').waitFor();
  await page.getByLabel('Rings at', { exact: true }).last().fill('+14155550111');
  await page.getByLabel('Closed on').fill('2026-12-25');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'hours-1280.png'), fullPage: true });
  expect((await admin.call(api.getSite, { site })).targets[0]?.forwarding).toMatchObject({
    hours: {
      open: [
        { days: ['mon', 'tue', 'wed', 'thu'], from: '09:00', to: '17:00' },
        { days: ['sat'], from: '09:00', to: '13:00' },
      ],
      closedOn: ['2026-12-25'],
      whenClosed: { kind: 'destination', destination: '+14155550111' },
    },
  });
});

it('tells an address when the site needs a person, and shows how the parts do', async () => {
  const site = await newSite();
  const operator = await receiveWebhooks();
  onTestFinished(() => void operator.close());
  const page = await logIn(`#/${site}/settings`);
  await page.getByLabel('Send alerts to a webhook').check();
  await page.getByLabel('Webhook URL').fill(operator.url);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('Saved.', { exact: true }).waitFor();
  await page.getByText('Show signing secret').click();
  operator.signingSecret = (await page.getByText(/^whsec_/).textContent()) ?? '';
  await page.getByRole('button', { name: 'Send a test' }).click();
  await page.getByText('Delivered', { exact: true }).waitFor();
  expect(operator.accepted.map(({ event }) => String(event.type))).toEqual(['alert.test']);
  const parts = page.getByRole('region', { name: 'System status' });
  await parts.getByText('Up to date').first().waitFor();
  expect(await parts.textContent()).toContain('3 numbers, 0 in use');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'alerts-1280.png'), fullPage: true });
});

it('asks before what was changed in the settings is left behind', async () => {
  const page = await logIn('#/acme/settings');
  await page.getByLabel('Time zone').selectOption('Europe/Berlin');
  await page.getByText('Unsaved changes.').waitFor();
  let asked = '';
  page.once('dialog', (dialog) => {
    asked = dialog.message();
    void dialog.dismiss();
  });
  await page.getByRole('link', { name: 'Calls', exact: true }).click();
  await expect.poll(() => asked).toContain('unsaved changes');
  expect(page.url()).toContain('#/acme/settings');
  expect(await page.getByLabel('Time zone').inputValue()).toBe('Europe/Berlin');
  page.once('dialog', (dialog) => void dialog.accept());
  await page.getByRole('link', { name: 'Calls', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Calls' }).waitFor();
});
