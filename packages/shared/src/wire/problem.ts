import * as v from 'valibot';

/** RFC 9457 problem details, with the fields at fault. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  detail: v.string(),
  /** Stable, for programs: what to do is decided by it and not by the text. */
  code: v.optional(v.string()),
  /** What `X-Request-Id` says too; the log names it. */
  requestId: v.optional(v.string()),
  errors: v.optional(v.array(v.object({ path: v.string(), code: v.optional(v.string()), message: v.string() }))),
});
export type Problem = v.InferOutput<typeof Problem>;
export type FieldError = { path: string; code?: string | undefined; message: string };

/** An answer lists no more faults than somebody reads, each in a few words: it is never larger than what it is about. */
export const MOST_ERRORS = 100;
const LONGEST = { path: 200, message: 300 };

/** `targets.0.number`: where in the message a fault lies; empty for the message itself. */
export function fieldErrors(
  issues: readonly { path?: readonly { key: unknown }[] | undefined; message: string }[],
): FieldError[] {
  return issues.slice(0, MOST_ERRORS).map((issue) => ({
    path: cut((issue.path ?? []).map((step) => cut(String(step.key), LONGEST.path)).join('.'), LONGEST.path),
    // Messages that name what came instead repeat it.
    message: cut(issue.message, LONGEST.message),
  }));
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
