/** Public requests carry little; the limit keeps a hostile one cheap. */
export const PUBLIC_BODY_BYTES = 16 * 1024;
/** Ten thousand numbers with names and rules fit well. */
export const ADMIN_BODY_BYTES = 8 * 1024 * 1024;

/**
 * Reads a body as text, giving up as soon as it is longer than allowed.
 * @returns null where it is too long, whatever its Content-Length claims
 */
export async function readBody(request: Request, maxBytes: number): Promise<string | null> {
  const length = request.headers.get('Content-Length');
  if (Number(length ?? 0) > maxBytes) return null;
  if (!request.body) return '';
  // The HTTP layer holds a body to the length it gave. Not `text()`: that warns of every form.
  if (length !== null) return new TextDecoder().decode(await request.arrayBuffer());
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of request.body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
