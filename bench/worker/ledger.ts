/** The ledger by itself, in a process of its own: takes statements, answers as D1 does. */
import type { Env } from '../../packages/edge/src/env.ts';
import type { AskedOfLedger } from './ledger-elsewhere.ts';

export { Directory, NumberPool } from '../../packages/edge/src/index.ts';

export default {
  async fetch(request: Request, { LEDGER }: Env): Promise<Response> {
    const asked = (await request.json()) as AskedOfLedger[];
    return Response.json(await LEDGER.batch(asked.map(({ query, given }) => LEDGER.prepare(query).bind(...given))));
  },
};
