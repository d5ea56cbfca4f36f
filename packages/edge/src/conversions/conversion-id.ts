import { sha256Hex } from '../platform/signature.ts';

/**
 * The id by which ad platforms recognize a repeated conversion: the call's id, or the lead's with its stage, so that
 * neither a replay nor a recreated integration counts a call twice. Google keeps 64 characters of an order id.
 */
export async function conversionId(name: string): Promise<string> {
  return /^[\w.-]{1,64}$/.test(name) ? name : sha256Hex(name);
}
