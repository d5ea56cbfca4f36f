import { api, type Operation } from '@dialmark/shared';
import { CarrierName } from '@dialmark/shared/wire/forwarding';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { STORIES } from '../packages/edge/test/carrier-stories.ts';
import { openapi } from '../tools/openapi/openapi.ts';

const document = openapi('1.0.0') as { paths: Record<string, Record<string, object>> };

interface Webhook {
  requestBody: { content: Record<string, { schema: { properties: object } }> };
  responses: object;
  security: object[];
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1, every reference resolved', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
    const named = new Set(Object.keys((document as never as { components: { schemas: object } }).components.schemas));
    for (const [, name] of JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)) {
      expect(named).toContain(name);
    }
  });

  it.each(CarrierName.options)('has the webhooks of %s, with every field that it tells of a call by', (carrier) => {
    const story = STORIES[carrier];
    const dialled = { call: 'CA1', from: '+12125550199', to: '+14155550132' };
    const told = {
      voice: [story.incoming(dialled)],
      status: story.answered(dialled, '[]', 'https://edge.example/status').map(([, fields]) => fields),
    };
    for (const [endpoint, webhooks] of Object.entries(told)) {
      const { post } = document.paths[`/v1/sites/{site}/carriers/${carrier}/${endpoint}`] as { post: Webhook };
      const known = Object.values(post.requestBody.content).flatMap(({ schema }) => Object.keys(schema.properties));
      for (const fields of webhooks) for (const name of Object.keys(fields)) expect(known).toContain(name);
      expect(Object.keys(post.responses)).toEqual(expect.arrayContaining(['200', '403', '404', '413', '503']));
      expect(Object.keys(post.security[0] ?? {})).toEqual([`${carrier}Signature`]);
    }
  });

  it('has the configuration that pages with a script of their own ask for', () => {
    const { get } = document.paths['/s/{site}.json'] as { get: { responses: object; security?: unknown } };
    expect(Object.keys(get.responses)).toEqual(['200', '304', '404', '429']);
    expect(get.security).toBeUndefined();
  });

  it('has every operation that is served', () => {
    for (const { method, path } of Object.values(api) as Operation[]) {
      expect(document.paths[path]).toHaveProperty(method.toLowerCase());
    }
  });
});
