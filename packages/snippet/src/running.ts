import type { EventRequestInput } from '@dialmark/shared/wire/event';
import type { LeaseRequestInput } from '@dialmark/shared/wire/lease';
import type { Dialmark, DialmarkEvents, DialmarkOptions, Shown } from './api.ts';
import type { TouchEvidence } from './core/contract.ts';
import type { Targets } from './page/targets.ts';
import type { Traced } from './page/trace.ts';
import type { Visit } from './visit/visits.ts';

/** Calls that the rest of the script answers; made before it has come, they wait for it. */
export type Late = Pick<Dialmark, 'consent' | 'rescan' | 'stop' | 'tag'>;

/** The shared state of Dialmark's parts on a page. */
export interface Running {
  readonly options: DialmarkOptions;
  /** Ids of the targets. */
  readonly ids: readonly string[];
  readonly numbers: Record<string, Shown>;
  readonly targets: Targets;
  /** The key under which nodes keep their traces. */
  readonly key: symbol;
  /** Nodes written before the rest of the script has come. */
  readonly touchedNodes: Traced[];
  readonly ready: Dialmark['ready'];
  readonly gpc: boolean | undefined;
  lastSent: number;
  /** The edge's address for this site. */
  address(path: 'lease' | 'events'): string;
  post(path: 'lease' | 'events', content: LeaseRequestInput | EventRequestInput): Promise<Response>;
  /** Targets that are on the page, or wanted wherever they are. */
  readonly seen: Set<string>;
  readonly requestedIds: Set<string>;
  /** True if this browser had a visit before the page. */
  readonly known: boolean;
  /** Calls that wait for the rest. */
  readonly queuedCalls: [name: keyof Late, ...given: unknown[]][];
  /** True if the visitor may be counted. */
  allowed: boolean;
  /** The page as it was opened: when a visit begins late, for want of consent say, it began so all the same. */
  landing?: TouchEvidence;
  visit?: Visit | undefined;
  /** The visit that a default has interrupted: it goes on where the visitor agrees. */
  held?: Visit | undefined;
  /** True if the rest of the script cannot be loaded. */
  blocked?: boolean;
  /** True once everything has ended. */
  isStopped?: boolean;
  /** True if the numbers of this visit were known when it was entered. */
  resumed?: boolean;
  /** Makes the page, or a part of it, show the current numbers. */
  scan(root?: Node): void;
  /** Ends the watching of the page that goes before the rest. */
  stopWatching?(): void;
  show(target: string, assignment: Shown): void;
  announce<Name extends keyof DialmarkEvents>(name: Name, detail: DialmarkEvents[Name]): void;
  /** Resolves `ready`. */
  resolveReady(): void;
  enter(touch: TouchEvidence): void;
  requestNumbers(): void;
  rest?: Rest;
}

/** The rest of the script, and what it wants to hear of. */
export interface Rest {
  late: Late;
  /** True if a session was entered since the rest joined. */
  joined?: boolean;
  /** The page has opened, and what comes next is its first visit. */
  pageOpened(): void;
  entered(touch: TouchEvidence): void;
  /** Something has been answered: with a cookie perhaps, and where it was a lease with numbers for the visit. */
  answered(visit?: Visit): void;
  shown(target: string, assignment: Shown): void;
}
