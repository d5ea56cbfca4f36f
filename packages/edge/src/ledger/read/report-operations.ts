import type { CompareQuery, Comparison, Dimension, Report, ReportQuery, Site } from '@dialmark/shared';
import type { LedgerCore } from '../core.ts';
import { bindingsByHour, type HoldsAsked } from './bindings-by-hour.ts';
import type { Period } from './period.ts';
import { compare, report } from './reports.ts';

/** Reports: what visits, calls and costs add up to. */
export class ReportOperations {
  readonly #core: LedgerCore;

  constructor(core: LedgerCore) {
    this.#core = core;
  }

  report(site: Site, dimension: Dimension, query: ReportQuery, period: Period): Report {
    return report(this.#core, site, dimension, query, period);
  }

  compare(site: Site, query: CompareQuery, period: Period): Comparison {
    return compare(this.#core, site, query, period);
  }

  bindingsByHour(asked: HoldsAsked): number[] {
    return bindingsByHour(this.#core, asked);
  }
}
