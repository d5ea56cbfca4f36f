import type { Env } from '../env.ts';
import { placed } from '../platform/jurisdiction.ts';
import { type Remote, type Runs, remote } from '../platform/remote.ts';
import type { LedgerOperations } from './operations.ts';

/** A site's ledger as the Worker and the site's pools call it: `ledger.reports.report(question)`. */
export type RemoteLedger = Remote<LedgerOperations>;

/** A ledger that did not answer: overloaded, out of reach, or in error. Leases and calls never meet it. */
export class LedgerUnavailable extends Error {
  override name = 'LedgerUnavailable';
}

/** Returns whether a ledger did not answer, also where a pool asked it and passes the error on. */
export function isLedgerUnavailable(error: unknown): boolean {
  return error instanceof Error && error.name === 'LedgerUnavailable';
}

/** Returns a site's ledger, every call of which throws `LedgerUnavailable` where it fails. */
export function ledgerOf(env: Pick<Env, 'SITE_LEDGER' | 'JURISDICTION'>, site: string): RemoteLedger {
  const object = placed(env.SITE_LEDGER, env).getByName(site) as unknown as Runs;
  return remote<LedgerOperations>({
    run: async (...given) => {
      try {
        return await object.run(...given);
      } catch (cause) {
        throw new LedgerUnavailable(String(cause), { cause });
      }
    },
  });
}
