import { api, type Operation } from '@dialmark/shared';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { openapi } from '../scripts/openapi.ts';

const document = openapi('1.0.0') as { paths: Record<string, Record<string, object>> };

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

  it('has every operation that is served', () => {
    for (const { method, path } of Object.values(api) as Operation[]) {
      expect(document.paths[path]).toHaveProperty(method.toLowerCase());
    }
  });
});
