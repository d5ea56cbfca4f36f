import { EPOCH, PER_MS } from '../pool/leases/binding-id.ts';

/** SQL for when a visit or hold began, in milliseconds: the moment in its sequence number and what that is off by. */
export const startOf = (row: string): string => `(${EPOCH} + ${row}.seq / ${PER_MS} + ${row}.late)`;

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
/** SQL for a binding's id (pool/leases/binding-id.ts) of its sequence number. */
export const bindingIdOf = (seq: string): string =>
  `'b_' || ltrim(${Array.from({ length: 11 }, (_, place) => `substr('${DIGITS}', 1 + ${seq} / ${36 ** (10 - place)} % 36, 1)`).join(' || ')}, '0')`;
