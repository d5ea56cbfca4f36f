import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from './failure.ts';

/** `dialmark.json`: which site of which Worker this folder is about. No secrets, so it may be kept with the code. */
export interface Project {
  edge: string;
  site: string;
}

const FILE = 'dialmark.json';

/** @returns null if there is none */
export async function readProject(cwd: string): Promise<Partial<Project> | null> {
  let text: string;
  try {
    text = await readFile(join(cwd, FILE), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Failure(`${FILE} cannot be read: ${(error as Error).message}`);
  }
  let project: unknown;
  try {
    project = JSON.parse(text);
  } catch {
    throw new Failure(`${FILE} is not valid JSON. Correct it, or delete it and run: dialmark init`);
  }
  const { edge, site } = (typeof project === 'object' && project !== null ? project : {}) as Record<string, unknown>;
  return {
    ...(typeof edge === 'string' ? { edge } : {}),
    ...(typeof site === 'string' ? { site } : {}),
  };
}

export async function writeProject(cwd: string, project: Project): Promise<void> {
  await writeFile(join(cwd, FILE), `${JSON.stringify(project, null, 2)}\n`);
}
