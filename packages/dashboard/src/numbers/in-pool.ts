import type { PoolCounts } from '@dialmark/shared';

/** Numbers that visits are given: `total` counts those that drain too. */
export const inPool = ({ total, draining }: Pick<PoolCounts, 'total' | 'draining'>): number => total - draining;
