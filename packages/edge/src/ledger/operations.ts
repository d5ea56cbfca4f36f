import { ConversionOperations } from '../conversions/operations.ts';
import { Archive } from './archive/archive.ts';
import type { LedgerCore } from './core.ts';
import { LeadOperations } from './lead-operations.ts';
import { LifeOperations } from './life.ts';
import { LogOperations } from './read/log-operations.ts';
import { ReportOperations } from './read/report-operations.ts';
import { FeedOperations } from './write/feed-operations.ts';

/** Everything a ledger can be asked, by subsystem: a new operation is a method of one of these. */
export function operationsOf(core: LedgerCore) {
  const archive = new Archive(core);
  return {
    archive,
    feed: new FeedOperations(core),
    log: new LogOperations(core),
    leads: new LeadOperations(core),
    reports: new ReportOperations(core),
    conversions: new ConversionOperations(core),
    life: new LifeOperations(core, archive),
  };
}

export type LedgerOperations = ReturnType<typeof operationsOf>;
