import type { E164 } from '@dialmark/shared';
import type { Activity } from '../../packages/edge/src/pool/leases/allocator.ts';
import type { Policy } from './policy.ts';
import { CALL, type EventKind, LEAVE, PAGE, TAP, type Trace } from './trace.ts';

const ACTIVITY: Partial<Record<EventKind, Activity>> = { [PAGE]: 'active', [LEAVE]: 'leave', [TAP]: 'tel_click' };

/** Events of a simulation other than leases. */
export interface Watcher {
  /** A number was given to a visit, or was renewed by it. */
  active?(visit: number, number: E164, activity: Activity, given: boolean, now: number): void;
  /** A visit calls the number it was shown last; null if it was shown none. */
  call?(visit: number, number: E164 | null, again: boolean, now: number): void;
}

export interface Play {
  visitsWithoutNumber: number;
  claims: number;
  earlyReissues: number;
}

/** Plays the visits to a policy as the edge does: a page asks or renews, a leave and a tap change how long it holds. */
export function play(trace: Trace, policy: Policy, watcher: Watcher): Play {
  const names = Array.from({ length: trace.visits }, (_, visit) => String(visit));
  const shown = new Array<E164 | null>(trace.visits).fill(null);
  const dialled = new Array<E164 | null>(trace.visits).fill(null);
  const ofVisitor = new Map<number, E164>();
  let claims = 0;
  let earlyReissues = 0;

  for (let event = 0; event < trace.at.length; event++) {
    const now = trace.at[event] as number;
    const visit = trace.visit[event] as number;
    const kind = trace.kind[event] as EventKind;
    const activity = ACTIVITY[kind];
    const number = shown[visit] as E164 | null;
    if (activity === undefined) {
      if (kind === CALL) dialled[visit] = number;
      watcher.call?.(visit, dialled[visit] as E164 | null, kind !== CALL, now);
      continue;
    }
    const name = names[visit] as string;
    if (number !== null && policy.renew(number, name, activity, now)) {
      watcher.active?.(visit, number, activity, false, now);
      continue;
    }
    if (kind !== PAGE) continue;
    const visitor = trace.visitor[visit] as number;
    const claimed = policy.claim({
      visit: name,
      visitor: String(visitor),
      previous: ofVisitor.get(visitor) ?? null,
      now,
    });
    if (!claimed) continue;
    claims++;
    if (claimed.early) earlyReissues++;
    shown[visit] = claimed.number;
    ofVisitor.set(visitor, claimed.number);
    watcher.active?.(visit, claimed.number, activity, true, now);
  }
  return { visitsWithoutNumber: shown.filter((number) => number === null).length, claims, earlyReissues };
}
