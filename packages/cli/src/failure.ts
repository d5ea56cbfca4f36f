import { DialmarkError } from '@dialmark/shared/client';

/** Exit codes; part of what scripts may rely on. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** An error for the user, in one line that says what to do. */
export class Failure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Makes a usage error. */
export const usageFailure = (message: string) => new Failure(message, EXIT.usage);

/** Any error as one line for a person; what it is of decides what is advised. */
export function explain(error: unknown, edge: string | null): string {
  if (error instanceof Failure) return error.message;
  if (error instanceof DialmarkError) return explainProblem(error);
  if (isNetworkError(error)) {
    return `${edge ?? 'The server'} is not responding (${causeOf(error)}). Check the address, and that the Worker is running.`;
  }
  return error instanceof Error ? error.message : String(error);
}

function explainProblem({ problem }: DialmarkError): string {
  const faults = (problem.errors ?? []).map(({ path, message }) => (path ? `${path} ${message}` : message));
  const detail = [problem.detail || problem.title, ...faults].filter(Boolean).join(' ');
  if (problem.code === 'unauthenticated') {
    return `The token was rejected: ${detail} Set DIALMARK_TOKEN to a valid token, or use --token-file.`;
  }
  if (problem.code === 'forbidden') return `The token does not allow this: ${detail}`;
  if (problem.code === 'site_not_found' || problem.code === 'not_found')
    return `${detail} Check --site and --edge, or run: dialmark init`;
  return `${problem.status} ${detail}`;
}

/** `fetch` throws a TypeError for what never became an answer. */
export function isNetworkError(error: unknown): error is TypeError {
  return error instanceof TypeError && /fetch failed|network/i.test(error.message);
}

function causeOf(error: TypeError): string {
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return cause?.code || cause?.message || error.message;
}
