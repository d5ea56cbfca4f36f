import { brotliCompressSync } from 'node:zlib';
import type { E164, SnippetConfig } from '@dialmark/shared';
import { printed, printingOf } from '../packages/edge/src/phones/printed.ts';
import { servedRest, servedScript } from './edge-double.ts';
import { PHONES } from './phones.ts';

/** The configuration of a site with one number in the US and no options, as the Worker inlines it. */
export function usualConfig(): Omit<SnippetConfig, 'edge'> {
  const number = '+14155550100' as E164;
  return {
    site: 'acme',
    targets: [{ id: 'main', ...printed(PHONES, number), printing: printingOf(PHONES, number) }],
    version: 'a83f91c0b7d2',
  };
}

/** Bytes of both parts of the script as served, after brotli. */
export function servedBytes(config: Parameters<typeof servedScript>[0]): {
  first: number;
  rest: number;
  total: number;
} {
  const first = brotliCompressSync(servedScript(config)).length;
  const rest = brotliCompressSync(servedRest(!!config.forms).text).length;
  return { first, rest, total: first + rest };
}
