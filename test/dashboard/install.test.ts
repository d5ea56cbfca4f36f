import { join } from 'node:path';
import { api } from '@dialmark/shared';
import twilio from 'twilio';
import { expect, it, onTestFinished } from 'vitest';
import { receiveWebhooks } from '../webhook-receiver.ts';
import { admin, logIn, newSite, pictures, testLayout, violations } from './dashboard.ts';

testLayout('install', '#/acme/install', (page) => page.getByText('<script async').first().waitFor());

it('tells when the carrier is heard of, and why it was turned away', async () => {
  const site = await newSite();
  const page = await logIn(`#/${site}/install`);
  const card = page.getByRole('region', { name: 'Carrier' });
  await card.getByText('None yet').waitFor();
  const address = (await card.locator('pre', { hasText: '/twilio/voice' }).textContent()) ?? '';
  const fields = { CallSid: 'CA-live', From: '+12125550188', To: '+14155551000', CallStatus: 'ringing' };
  const ring = (secret: string) =>
    fetch(address, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': twilio.getExpectedTwilioSignature(secret, address, fields) },
      body: new URLSearchParams(fields),
    });
  expect((await ring('secret')).status).toBe(404);
  await card.getByText('its secret isn’t set').waitFor();
  await page.screenshot({ path: join(pictures, 'carrier-refused-1280.png'), fullPage: true });

  await card.getByLabel('Auth token').fill('secret');
  await card.getByRole('button', { name: 'Save secret' }).click();
  await card.getByText('Set', { exact: true }).waitFor();
  expect(await page.content()).not.toContain('value="secret"');
  expect((await ring('another')).status).toBe(403);
  await card.getByText('its signature doesn’t match the secret').waitFor();
  expect((await ring('secret')).status).toBe(200);
  await card.getByText('its signature doesn’t match the secret').waitFor({ state: 'detached' });
  expect(await violations(page)).toEqual([]);
});

it('tries a destination out, changes which calls count for it, pauses it and goes on', async () => {
  const site = await newSite();
  const crm = await receiveWebhooks();
  onTestFinished(() => void crm.close());
  const { signingSecret } = await admin.call(api.putIntegration, {
    site,
    body: { id: 'crm', kind: 'webhook', name: 'Our CRM', url: crm.url },
  });
  crm.signingSecret = signingSecret as string;
  const page = await logIn(`#/${site}/install`);
  await page.getByText('All calls, when ringing, completed, and updated later.').waitFor();
  await page.getByRole('button', { name: 'Test Our CRM' }).click();
  await page.getByText('Test delivered').waitFor();
  expect(crm.accepted.map(({ event }) => String(event.type))).toContain('webhook.test');

  await page.getByRole('button', { name: 'Edit Our CRM' }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit Our CRM' });
  await dialog.getByLabel('Answered calls only').check();
  await dialog.getByLabel('Minimum talk time', { exact: true }).fill('1.5');
  await dialog.getByLabel('Sources').fill('google, bing');
  await dialog.getByLabel('Call is ringing').uncheck();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'destination-1280.png') });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page
    .getByText('Answered calls of at least 90 seconds, from google or bing, when completed and updated later.')
    .waitFor();
  await page.getByRole('button', { name: 'Pause Our CRM' }).click();
  await page.getByText('Paused', { exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  expect((await admin.call(api.listIntegrations, { site })).items).toMatchObject([
    { paused: true, rules: { answered: true, minSeconds: 90, sources: ['google', 'bing'] } },
  ]);
  await page.getByRole('button', { name: 'Turn on Our CRM' }).click();
  await page.getByText('Paused', { exact: true }).waitFor({ state: 'detached' });
});

it('gives a script tag whose integrity is that of the script', async () => {
  const page = await logIn('#/acme/install');
  await page.getByLabel('Script version').selectOption('pinned');
  const tag = page.locator('pre', { hasText: 'integrity=' });
  await tag.waitFor();
  const [, address, integrity] = /src="([^"]+)" integrity="sha384-([^"]+)"/.exec((await tag.textContent()) ?? '') ?? [];
  const digest = await crypto.subtle.digest('SHA-384', await (await fetch(address as string)).arrayBuffer());
  expect(Buffer.from(digest).toString('base64')).toBe(integrity);
});
