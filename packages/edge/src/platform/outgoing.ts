/** The header in which the single-machine runtime says that nothing answered, and why (tools/outgoing.ts). */
export const UNREACHED = 'Dialmark-Unreached';

/** Sends a request to somebody else's server: all such requests go through here. Throws if the address does not answer. */
export async function outgoing(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  const reason = response.headers.get(UNREACHED);
  if (reason !== null) throw new TypeError(reason);
  return response;
}
