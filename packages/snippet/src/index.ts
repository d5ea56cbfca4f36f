export type { Dialmark, DialmarkEvents, DialmarkOptions, Shown } from './api.ts';
export type { Assignment, FallbackReason, PrintedNumber, SnippetConfig, SourceRule } from './core/contract.ts';
export { createDialmark } from './create.ts';
export { locate, type Place } from './locate.ts';
export type { LocateTarget } from './page/targets.ts';
export type { Swap } from './page/trace.ts';
export { type Swapped, swap } from './swap.ts';
