import { DialmarkError } from '@dialmark/shared/client';
import type { ComponentChildren } from 'preact';
import type { FieldErrors } from './field-errors.ts';
import { plainWords } from './plain-words.ts';

/** Returns a message for people: what happened and what to do. */
function explain(error: unknown): { what: string; todo: string } {
  if (!(error instanceof DialmarkError)) {
    return { what: 'The server didn’t respond.', todo: 'Check your connection and try again.' };
  }
  const { status, code, detail } = error.problem;
  if (code === 'unauthenticated') return { what: detail, todo: 'Sign in with a valid token.' };
  if (code === 'forbidden') return { what: detail, todo: 'Sign in with a token that allows this.' };
  if (code === 'rate_limited') return { what: 'Too many requests.', todo: 'Wait a moment, then try again.' };
  if (status >= 500) return { what: detail, todo: 'Try again. If it keeps happening, check the Worker’s log.' };
  return { what: detail, todo: '' };
}

/** Why something was refused. With a form's `fieldErrors`, only what its fields do not say already; nothing where they say all. */
export function Problem({
  error,
  fieldErrors,
  retry,
}: {
  error: unknown;
  fieldErrors?: FieldErrors;
  retry?: () => void;
}) {
  const { what, todo } = explain(error);
  const all = error instanceof DialmarkError ? (error.problem.errors ?? []) : [];
  const fields = fieldErrors ? fieldErrors.unsaid : all;
  if (fieldErrors?.any && fields.length === 0) return null;
  return (
    <div class="problem" role="alert">
      <p>
        <strong>{fieldErrors?.any ? 'Please check your entries.' : what}</strong> {todo}
      </p>
      {fields.length > 0 && (
        <ul>
          {fields.slice(0, 8).map((field) => (
            <li key={field.path}>
              {field.path && <code>{field.path}</code>} {plainWords(field)}
            </li>
          ))}
        </ul>
      )}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Loading({ what }: { what: string }) {
  return (
    <p class="loading" role="status">
      Loading {what}…
    </p>
  );
}

/** In place of an empty table or chart: what would be here, and how it gets here. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <strong>{title}</strong>
      {children && <p>{children}</p>}
    </div>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch(): unknown;
}

/** Shows an answer once it is there; until then that it is on its way, or why it is not. */
export function Answer<T>({
  of,
  what,
  children,
}: {
  of: Asked<T>;
  what: string;
  children: (data: T) => ComponentChildren;
}) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Problem error={of.error} retry={() => void of.refetch()} />;
  return <Loading what={what} />;
}
