import { joinForms } from './forms/join-forms.ts';
import join from './rest.script.ts';
import type { Running } from './running.ts';
import type { GlobalDialmark } from './script.ts';

/** The second part of the script of a site that keeps forms. */
export default function joinWithForms(running: Running, dialmark: GlobalDialmark): void {
  join(running, dialmark);
  joinForms(running);
}
