/** The part of Node's zlib in use, which Workers have; all types of Node would let code use what they don't have. */
declare module 'node:zlib' {
  export const constants: { BROTLI_PARAM_SIZE_HINT: number };
  export function brotliCompressSync(data: Uint8Array, options?: { params?: Record<number, number> }): Uint8Array;
  export function gzipSync(data: Uint8Array, options?: { level?: number }): Uint8Array;
}
