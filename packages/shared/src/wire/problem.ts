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

/** `targets.0.number`: where in the message a fault lies; empty for the message itself. */
export function fieldErrors(
  issues: readonly { path?: readonly { key: unknown }[] | undefined; message: string }[],
): FieldError[] {
  return issues.map((issue) => ({
    path: (issue.path ?? []).map((step) => String(step.key)).join('.'),
    message: issue.message,
  }));
}
