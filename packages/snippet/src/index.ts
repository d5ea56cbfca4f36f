export type { Assignment, FallbackReason, PrintedNumber, SnippetConfig, SourceRule } from './contract.ts';
export { createDialmark, type Dialmark, type DialmarkEvents, type DialmarkOptions, type Shown } from './dialmark.ts';
export { locate, type Place } from './locate.ts';
export { type Swapped, swap } from './swap.ts';
export type { LocateTarget, Swap } from './swapper.ts';
