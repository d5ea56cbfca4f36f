import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { expect, it } from 'vitest';
import { admin, edge, logIn, newSite, open, pictures, testLayout, violations } from './dashboard.ts';

testLayout('journey', '#/acme/calls/call-0', (page) => page.getByText('led to this call').waitFor());

it('plays the recording of a call, which stays at the carrier', async () => {
  const page = await open();
  const recordingUrl = 'https://recordings.example/RE1.mp3';
  await page.route(recordingUrl, (route) => route.fulfill({ contentType: 'audio/mpeg', body: '' }));
  await page.route('**/v1/sites/acme/calls/call-0', async (route) => {
    const call = await (await route.fetch()).json();
    await route.fulfill({ json: { ...call, recordingUrl, carrier: 'twilio' } });
  });
  await logIn('#/acme/calls/call-0', { page });
  const player = page.getByLabel('Recording');
  await player.waitFor();
  expect([await player.getAttribute('src'), await player.getAttribute('preload')]).toEqual([recordingUrl, 'none']);
  expect(await page.getByRole('link', { name: 'Recording at Twilio' }).getAttribute('href')).toBe(recordingUrl);
  expect(await violations(page)).toEqual([]);
});

it('says of a call to the printed number that every visitor sees it', async () => {
  const site = await newSite();
  const call = { id: 'printed-1', from: '+12125550177', to: '+14155550100', startedAt: new Date().toISOString() };
  await admin.call(api.reportCall, { site, body: call });
  const page = await logIn(`#/${site}/calls/printed-1`);
  await page.getByText('the caller dialed the printed number, which every visitor sees').waitFor();
  expect(await page.getByText('led to this call').count()).toBe(0);
});

it('says where a caller saw the number, also in the journey of somebody who had visited', async () => {
  const site = await newSite({}, 1);
  const flyer = { number: '+14155554250', target: 'main', kind: 'source', preset: 'direct_mail', name: 'Spring' };
  await admin.call(api.addNumbers, { site, body: { numbers: [flyer] } });
  const url = 'https://acme.example/?utm_source=google&utm_medium=cpc';
  const client = { address: '203.0.113.7', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
  const { numbers } = await admin.call(api.lease, {
    site,
    body: { session: 's_1', visitor: 'v_1', page: { url }, touch: { url }, client },
  });
  const call = (id: string, to: string, from: string) =>
    admin.call(api.reportCall, {
      site,
      body: { id, from, to, startedAt: new Date().toISOString(), durationSeconds: 60 },
    });
  await call('visited', numbers.main?.number as string, '+12125550161');
  await call('returned', flyer.number, '+12125550161');
  await call('unknown', flyer.number, '+12125550162');
  const page = await logIn(`#/${site}/calls/unknown`);
  await page.getByText('Dialed the number on the flyer, Spring').waitFor();
  await page.getByRole('heading', { name: 'Matched source' }).waitFor();
  await page.getByText('direct_mail / offline').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: join(pictures, 'flyer-call-1280.png'), fullPage: true });
  await page.goto(`${edge}/app/#/${site}/calls/returned`);
  await page.getByText('This caller is known from an earlier call').waitFor();
  await page.getByText('1 visit', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Another call' }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.screenshot({ path: join(pictures, 'flyer-call-390.png'), fullPage: true });
  // The journey of the visitor has the later call, although no visit led to it.
  await page.goto(`${edge}/app/#/${site}/calls/visited`);
  await page.getByText('Dialed the number on the flyer, Spring').waitFor();
});
