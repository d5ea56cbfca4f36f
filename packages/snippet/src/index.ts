export { createDialmark, type Dialmark, type DialmarkEvents, type DialmarkOptions, type Shown } from './dialmark.ts';
