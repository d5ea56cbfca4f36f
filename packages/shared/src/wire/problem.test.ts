import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { EventRequest } from './event.ts';
import { LeaseRequest } from './lease.ts';
import { ListOf } from './primitives.ts';
import { fieldErrors, MOST_ERRORS } from './problem.ts';
import { SiteConfig } from './site.ts';

const errorsOf = (schema: v.GenericSchema, value: unknown) => fieldErrors(v.safeParse(schema, value).issues ?? []);
const lease = { session: 's_1', page: { url: 'https://acme.example/' } };
const target = { id: 'main', number: '+14155550100' };

describe('errors of a message', () => {
  it.each([
    ['a lease with thousands of targets', LeaseRequest, { ...lease, targets: Array(8000).fill(0) }],
    ['a site of thousands of targets', SiteConfig, { targets: Array(8000).fill(null) }],
    ['a site of thousands of origins', SiteConfig, { targets: [target], origins: Array(8000).fill('x') }],
  ])('%s is one error', (_, schema, value) => {
    expect(errorsOf(schema, value)).toEqual([
      { path: expect.any(String), code: 'too_many', message: expect.stringMatching(/at most \d+/) },
    ]);
  });

  it('names every one of a few', () => {
    expect(errorsOf(LeaseRequest, { ...lease, targets: ['main', 0, '!'] })).toHaveLength(2);
    expect(errorsOf(SiteConfig, { targets: [] })).toEqual([
      { path: 'targets', code: 'too_few', message: 'must have at least one target' },
    ]);
  });

  it.each([
    ['a type', EventRequest, { type: 'x'.repeat(16_000), session: 's_1' }],
    ['a session', EventRequest, { type: 'leave', session: 'x'.repeat(16_000) }],
    ['a page', LeaseRequest, { ...lease, page: 'x'.repeat(16_000) }],
    ['a key', v.record(v.string(), v.number()), { ['k'.repeat(16_000)]: 'no' }],
    [
      'many keys',
      v.record(v.string(), v.number()),
      Object.fromEntries(Array.from({ length: 9000 }, (_, i) => [i, ''])),
    ],
  ])('repeat little of what came: %s', (_, schema, value) => {
    const errors = errorsOf(schema, value);
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(MOST_ERRORS);
    for (const { path, message } of errors) expect(path.length + message.length).toBeLessThanOrEqual(500);
  });
});

it('lets a list of the allowed length through as it is', () => {
  expect(v.parse(ListOf(v.number(), 3), [1, 2, 3])).toEqual([1, 2, 3]);
  expect(v.is(ListOf(v.number(), 3), [1, 2, 3, 4])).toBe(false);
  expect(v.is(ListOf(v.number(), 3), 'abc')).toBe(false);
  expect(v.is(ListOf(v.number(), 3, 1), [])).toBe(false);
});
