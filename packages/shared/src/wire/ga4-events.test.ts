import * as v from 'valibot';
import { expect, it } from 'vitest';
import { Integration, NewIntegration } from './integration.ts';

const given = (kind: 'ga4' | 'meta', eventName: string) =>
  kind === 'ga4'
    ? { kind, measurementId: 'G-ABC123DEF4', eventName, secrets: { apiSecret: 's' } }
    : { kind, datasetId: '1', eventName, secrets: { accessToken: 't' } };

it.each([
  'session_start',
  'first_visit',
  'page_view',
  'click',
  'scroll',
  'form_submit',
  'error',
  'user_engagement',
  'notification_receive',
  'app_update',
  'ga_call',
  'google_call',
  'firebase_call',
  'query_id_1',
])('an event of Google Analytics cannot be called %s, which is reserved', (eventName) => {
  const { success, issues } = v.safeParse(NewIntegration, given('ga4', eventName));
  expect(success).toBe(false);
  expect(issues?.map((issue) => [v.getDotPath(issue), issue.message])).toEqual([
    [
      'eventName',
      'must not be a name that Google Analytics reserves, such as session_start, or begin with ga_, google_ or firebase_',
    ],
  ]);
});

it.each([
  'phone_call',
  'generate_lead',
  'purchase',
  'call',
  'Click',
  'clicks',
  'page_views',
  'gallery_call',
  'googled',
  'my_ga_call',
  'firebase',
  'ga',
  'first_visit_call',
  'session_started',
])('an event of Google Analytics can be called %s', (eventName) => {
  expect(v.is(NewIntegration, given('ga4', eventName))).toBe(true);
});

it('says nothing of events elsewhere, nor of what was saved before', () => {
  expect(v.is(NewIntegration, given('meta', 'page_view'))).toBe(true);
  const saved = { ...given('ga4', 'page_view'), id: 'a', createdAt: '2026-11-24T00:00:00.000Z' };
  expect(v.is(Integration, { ...saved, secrets: { configured: true } })).toBe(true);
});
