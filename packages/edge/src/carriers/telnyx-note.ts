import { type E164, numberIn } from '@dialmark/shared';
import { toBase64 } from '../platform/signature.ts';

/** The note we store in Telnyx's `client_state`, which comes back with every later event of a leg. */
export interface LegNote {
  leg: 'parent' | 'dial';
  /** The step the leg is in: `announce`, `greeting`, `record`, `farewell`; null if it is in none of ours. */
  doing: string | null;
  /** The next step of the plan; null if none does. */
  step: number | null;
  /** Control id of the caller's leg. */
  parent: string | null;
  /** The caller and the tracking number: events of dialled legs and of speech do not name them. */
  from: E164 | null;
  to: E164 | null;
}

const NOTHING: LegNote = { leg: 'parent', doing: null, step: null, parent: null, from: null, to: null };

export function writeNote(note: Partial<LegNote>): string {
  return toBase64(new TextEncoder().encode(JSON.stringify(note)));
}

/** Reads a note back. Anything that is none of ours reads as an empty note. */
export function readNote(clientState: unknown): LegNote {
  if (typeof clientState !== 'string' || clientState === '') return NOTHING;
  try {
    const note = JSON.parse(atob(clientState)) as Record<string, unknown> | null;
    return {
      leg: note?.leg === 'dial' ? 'dial' : 'parent',
      doing: typeof note?.doing === 'string' ? note.doing : null,
      step: Number.isSafeInteger(note?.step) && Number(note?.step) >= 0 ? Number(note?.step) : null,
      parent: typeof note?.parent === 'string' && /^[\x21-\x7e]{1,256}$/.test(note.parent) ? note.parent : null,
      from: numberIn(note?.from),
      to: numberIn(note?.to),
    };
  } catch {
    return NOTHING;
  }
}
