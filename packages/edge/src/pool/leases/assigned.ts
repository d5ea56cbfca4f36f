import type { Assignment, LeaseResponse } from '@dialmark/shared';

/** An assignment as the pool gives it: the Worker adds how its number is printed. */
export type Assigned = Assignment extends infer Each
  ? Each extends Assignment
    ? Omit<Each, 'national' | 'international'>
    : never
  : never;

/** The answer to a lease likewise. */
export type Leased = Omit<LeaseResponse, 'numbers'> & { numbers: Record<string, Assigned> };
