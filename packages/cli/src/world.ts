/** Everything a command may touch, so that tests can be the world. */
export interface World {
  env: Record<string, string | undefined>;
  /** Folder of `dialmark.json` and of named files. */
  cwd: string;
  /** One line of result. */
  out(line: string): void;
  /** One line for the person at the terminal: progress, warnings, errors. */
  err(line: string): void;
  /** Puts a question; null if nobody is there to answer. */
  ask: ((question: string) => Promise<string>) | null;
  fetch(input: Request): Promise<Response>;
  /** Aborted by Ctrl+C. */
  signal: AbortSignal;
}
