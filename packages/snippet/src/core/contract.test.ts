import type * as lease from '@dialmark/shared/wire/lease';
import type * as snippet from '@dialmark/shared/wire/snippet';
import { describe, expectTypeOf, it } from 'vitest';
import type * as contract from './contract.ts';

describe('the public types', () => {
  it('are those of the wire', () => {
    expectTypeOf<lease.Assignment>().toExtend<contract.Assignment>();
    expectTypeOf<contract.Assignment>().toExtend<lease.Assignment>();
    expectTypeOf<snippet.SnippetConfig>().toExtend<contract.SnippetConfig>();
    expectTypeOf<contract.SnippetConfig>().toExtend<snippet.SnippetConfig>();
  });
});
