import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Accepted compressions, best first. */
const CODINGS = ['br', 'gzip'] as const;
export type Coding = (typeof CODINGS)[number];

/**
 * Returns the best coding that a client accepts (RFC 9110, section 12.5.3); null: none. Cloudflare asks the Worker in a
 * header of its own, and keeps the client's beside it.
 */
export function codingFor({ headers, cf }: Request): Coding | null {
  const { clientAcceptEncoding = headers.get('Accept-Encoding') } = (cf ?? {}) as { clientAcceptEncoding?: string };
  const weights = new Map(
    (clientAcceptEncoding ?? '').split(',').map((accepted) => {
      const [coding = '', ...parameters] = accepted.split(';').map((part) => part.trim().toLowerCase());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return [coding, Number(weight)];
    }),
  );
  return CODINGS.find((coding) => (weights.get(coding) ?? weights.get('*') ?? 0) > 0) ?? null;
}

/** Compresses as far as it goes: for what is compressed once and sent many times. */
export function compress(text: string, coding: Coding): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  if (coding === 'gzip') return gzipSync(bytes, { level: 9 });
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
}
