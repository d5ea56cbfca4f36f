import { CallOperations } from './attribution/operations.ts';
import type { PoolCore } from './core.ts';
import { FormOperations } from './forms/operations.ts';
import { LeaseOperations } from './leases/operations.ts';
import { MonitoringOperations } from './monitoring/operations.ts';
import { NumberOperations } from './numbers/operations.ts';
import { PeopleOperations } from './people/operations.ts';
import { ShardOperations } from './shards/operations.ts';
import { SiteOperations } from './site/operations.ts';
import { ChangeOperations } from './sync/operations.ts';

/** Returns everything a pool can be asked, by subsystem: a new operation is a method of one of these. */
export function operationsOf(core: PoolCore) {
  return {
    site: new SiteOperations(core),
    numbers: new NumberOperations(core),
    leases: new LeaseOperations(core),
    calls: new CallOperations(core),
    forms: new FormOperations(core),
    people: new PeopleOperations(core),
    monitoring: new MonitoringOperations(core),
    changes: new ChangeOperations(core),
    shards: new ShardOperations(core),
  };
}

export type Operations = ReturnType<typeof operationsOf>;
