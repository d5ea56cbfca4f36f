import { api } from '@dialmark/shared';
import { expect, it } from 'vitest';
import { admin, logIn, newSite, open, testLayout, violations } from './dashboard.ts';

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
