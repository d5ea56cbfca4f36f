import { sha256Hex } from '../platform/signature.ts';

/**
 * What ad platforms tell a repeated conversion by: the call's id, so that neither a replay nor an integration made anew
 * counts a call twice. Google keeps 64 characters of an order id.
 */
export async function conversionId(call: string): Promise<string> {
  return /^[\w.-]{1,64}$/.test(call) ? call : sha256Hex(call);
}
