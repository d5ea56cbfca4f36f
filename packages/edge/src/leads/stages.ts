import type { LeadStage, LeadStageFact } from '@dialmark/shared';

/** What a person or an outcome says of a lead. What is left out stays as it was. */
export interface Said {
  at: number;
  by: 'person' | 'outcome';
  /** Of two that were said at the same time, the greater one of the same kind decides. */
  order: string | number;
  stage?: LeadStage;
  value?: number | null;
  /** When it came in. */
  receivedAt?: number;
}

/** What is known of a lead at last. */
export interface Standing {
  stage: LeadStage;
  value: number | null;
  /** Each stage that was entered, in order of time. */
  stages: (Omit<LeadStageFact, 'at'> & { at: number; receivedAt?: number })[];
  /** Whether it ever came as far as `qualified`. */
  wasQualified: boolean;
}

/** The order in which what was said counts: by time, a person after an outcome, of outcomes the greater id last. */
export function bySaying(a: Said, b: Said): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.by !== b.by) return a.by === 'outcome' ? -1 : 1;
  return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
}

/** Returns whether what was said up to now closes a lead. */
export function isClosed(said: Iterable<Said>): boolean {
  let last: Said | null = null;
  for (const each of said) if (each.stage !== undefined && (last === null || bySaying(last, each) < 0)) last = each;
  return last?.stage === 'won' || last?.stage === 'lost';
}

/**
 * Returns a lead's stage and value: what was said last decides. A conversation that is long enough qualifies a lead of
 * which nobody has said anything, or not before.
 *
 * @param began the first contact
 * @param qualified when a call first qualified it
 */
export function standingOf(
  began: { at: number; receivedAt: number; kind: 'call' | 'form' },
  qualified: { at: number; receivedAt: number } | null,
  said: readonly Said[],
): Standing {
  const facts = [...said].sort(bySaying);
  const first = facts.find(({ stage }) => stage !== undefined);
  const stages: Standing['stages'] = [entered('new', began.kind, began)];
  if (qualified !== null && (!first || qualified.at < first.at)) stages.push(entered('qualified', 'call', qualified));
  let value: number | null = null;
  for (const fact of facts) {
    const { by, stage, value: worth } = fact;
    if (worth !== undefined) value = worth;
    if (stage !== undefined && stage !== stages.at(-1)?.stage) stages.push(entered(stage, by, fact));
  }
  return {
    stage: stages.at(-1)?.stage ?? 'new',
    value,
    stages,
    wasQualified: stages.some(({ stage }) => stage === 'qualified' || stage === 'booked' || stage === 'won'),
  };
}

function entered(
  stage: LeadStage,
  by: LeadStageFact['by'],
  { at, receivedAt }: { at: number; receivedAt?: number },
): Standing['stages'][number] {
  return receivedAt !== undefined && receivedAt > at ? { stage, at, by, receivedAt } : { stage, at, by };
}
