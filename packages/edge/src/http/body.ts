/** Public requests carry little; the limit keeps a hostile one cheap. */
export const PUBLIC_BODY_BYTES = 16 * 1024;
/** Ten thousand numbers with names and rules fit well. */
export const ADMIN_BODY_BYTES = 8 * 1024 * 1024;

/**
 * Reads a body, giving up as soon as it is longer than allowed.
 * @returns null if it is too long, whatever its Content-Length claims
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array | null> {
  const length = request.headers.get('Content-Length');
  if (Number(length ?? 0) > maxBytes) return null;
  if (!request.body) return new Uint8Array();
  // The HTTP layer holds a body to the length it gave.
  if (length !== null) return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}

/** Reads a body as UTF-8 text; null if it is longer than allowed. */
export async function readBody(request: Request, maxBytes: number): Promise<string | null> {
  const bytes = await readBytes(request, maxBytes);
  return bytes && new TextDecoder().decode(bytes);
}
