import * as v from 'valibot';
import { FIELD_CODES, type FieldCode, PROBLEM_CODES } from './codes.ts';

/** An error in one field. */
export const FieldError = v.object({ path: v.string(), code: v.picklist(FIELD_CODES), message: v.string() });
export type FieldError = v.InferOutput<typeof FieldError>;

/** RFC 9457 problem details, with the invalid fields. */
export const Problem = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  /** Stable, for programs: what to do is decided by it and not by the text. */
  code: v.picklist(PROBLEM_CODES),
  detail: v.string(),
  /** Same as `X-Request-Id`; the log names it. */
  requestId: v.optional(v.string()),
  errors: v.optional(v.array(FieldError)),
});
export type Problem = v.InferOutput<typeof Problem>;

/** An answer lists no more errors than somebody reads, each in a few words: it is never larger than what it is about. */
export const MOST_ERRORS = 100;
const LONGEST = { path: 200, message: 300 };

type Issue = v.BaseIssue<unknown> & { code?: FieldCode };

/** Returns what a schema found wrong, field by field. A path reads `targets.0.number`; it is empty for the whole. */
export function fieldErrors(issues: readonly v.BaseIssue<unknown>[]): FieldError[] {
  return issues.slice(0, MOST_ERRORS).map((issue: Issue) => ({
    path: cut((issue.path ?? []).map((step) => cut(String(step.key), LONGEST.path)).join('.'), LONGEST.path),
    code: isMissing(issue) ? 'required' : (issue.code ?? codeOf(issue)),
    // Messages that name what came instead repeat it.
    message: cut(issue.message, LONGEST.message),
  }));
}

/**
 * Returns a message for a schema or check whose kind alone does not determine the code.
 * @example v.regex(/^\+[1-9]\d{6,14}$/, coded('not_e164', 'must be an E.164 number such as +14155550132'))
 */
export function coded(code: FieldCode, message: string): (issue: Issue) => string {
  // Valibot asks for the words with the issue at hand, which is all that it hands on.
  return (issue) => {
    issue.code = code;
    return message;
  };
}

/**
 * The default messages of schemas that define none of their own: the third argument of `v.safeParse`.
 * @example v.safeParse(NewNumber, row, ENGLISH)
 */
export const ENGLISH = { message: messageOf } satisfies v.Config<v.BaseIssue<unknown>>;

function messageOf(issue: Issue & { requirement?: unknown }): string {
  const { type, expected, input, requirement } = issue;
  const unit = Array.isArray(input) ? 'entries' : 'characters';
  if (isMissing(issue)) return 'is required';
  if (expected === 'never') return 'is not a field of this object';
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
      return `must be a ${type}`;
    case 'integer':
      return 'must be a whole number';
    case 'array':
      return 'must be a list';
    case 'object':
    case 'record':
    case 'strict_object':
      return 'must be an object';
    case 'picklist':
    case 'literal':
    case 'variant':
      return `must be one of ${expected?.replace(/[()"]/g, '').replaceAll(' | ', ', ')}`;
    case 'min_value':
      return `must be at least ${requirement}`;
    case 'max_value':
      return `must be at most ${requirement}`;
    case 'min_length':
      return `must have at least ${requirement} ${unit}`;
    case 'max_length':
      return `must have at most ${requirement} ${unit}`;
    case 'starts_with':
      return `must begin with ${requirement}`;
    case 'url':
      return 'must be a URL such as https://acme.example/hooks';
    case 'email':
      return 'must be an email address';
    default:
      return 'is not valid';
  }
}

/** Returns whether a field is not there, or is null or empty where it has to say something. */
function isMissing({ kind, input, path, type }: Issue): boolean {
  if (kind === 'schema') return path !== undefined && (input === undefined || input === null);
  return input === '' && type !== 'max_length';
}

/** Returns the code of an issue by its kind alone. */
function codeOf({ type, input, expected }: Issue): FieldCode {
  if (expected === 'never') return 'unknown_field';
  if (Array.isArray(input) && type === 'min_length') return 'too_few';
  if (Array.isArray(input) && type === 'max_length') return 'too_many';
  return BY_TYPE[type] ?? 'invalid_format';
}

const BY_TYPE: Record<string, FieldCode> = {
  number: 'not_a_number',
  finite: 'not_a_number',
  integer: 'not_an_integer',
  min_value: 'out_of_range',
  max_value: 'out_of_range',
  min_length: 'too_short',
  max_length: 'too_long',
  picklist: 'not_one_of',
  literal: 'not_one_of',
  variant: 'not_one_of',
  string: 'wrong_type',
  boolean: 'wrong_type',
  array: 'wrong_type',
  object: 'wrong_type',
  record: 'wrong_type',
  strict_object: 'wrong_type',
};

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
