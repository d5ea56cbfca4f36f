import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Processes that use a data folder: our process, and the workerd it started. */
interface Running {
  pid: number;
  /** The script it runs. */
  program: string;
  workerd: number | null;
}

const FILE = 'running.json';
const PROGRAM = basename(process.argv[1] ?? '');

/**
 * Takes a data folder for this process alone: two runtimes on the same databases would each keep their own memory of them
 * and lease one number twice. A workerd that outlived its parent (which was killed) is ended first. The folder is its
 * owner's alone: callers, visitors and secrets are in it.
 * @param option how another folder is named, for people
 * @throws Error where another process works in it
 */
export async function takeFolder(folder: string, option: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700).catch(({ code }: NodeJS.ErrnoException) => {
    console.warn(
      `Other users of this machine may be able to read ${folder}: its permissions cannot be changed (${code}).`,
    );
  });
  const last = await readRunning(folder);
  if (last && last.pid !== process.pid && isRunning(last.pid, last.program)) {
    throw new Error(
      `${folder} is in use by process ${last.pid}. Stop that process, or use another folder: ${option} DIR.`,
    );
  }
  if (last?.workerd && isRunning(last.workerd, 'workerd')) {
    process.kill(last.workerd, 'SIGKILL');
    while (isRunning(last.workerd, 'workerd')) await sleep(20);
  }
  await write(folder, { pid: process.pid, program: PROGRAM, workerd: null });
}

/** Notes the runtime, so that the next start can end it should we be killed. */
export async function noteRuntime(folder: string): Promise<void> {
  await write(folder, { pid: process.pid, program: PROGRAM, workerd: childRunning('workerd') });
}

/**
 * Sees to state that was written before each site had a ledger of its own: its lists and reports are in one database for
 * all sites, which nothing reads any more. A demo's is created again; all others are left alone.
 * @param option how another folder is named, for people; null for a folder that holds nothing but the demo
 * @throws Error where the state is somebody's own
 */
export async function leaveOlderState(state: string, option: string | null): Promise<void> {
  if (!existsSync(join(state, 'd1'))) return;
  const reason = `${state} was written by an earlier version, which kept all sites in one database.`;
  if (option !== null) throw new Error(`${reason} Move it away to start over, or use another folder: ${option} DIR.`);
  console.log(`${reason} The demo starts over.`);
  await rm(state, { recursive: true });
}

export async function releaseFolder(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true });
}

async function readRunning(folder: string): Promise<Running | null> {
  try {
    return JSON.parse(await readFile(join(folder, FILE), 'utf8')) as Running;
  } catch {
    // None, or cut short by a crash: then there is nothing to learn from it.
    return null;
  }
}

const write = (folder: string, running: Running) =>
  writeFile(join(folder, FILE), JSON.stringify(running), { mode: 0o600 });

/**
 * Returns true if a process with this id runs and is the expected one: ids are used again. Only where there is `/proc`.
 */
function isRunning(pid: number, program: string): boolean {
  return commandOf(pid).includes(program);
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function childRunning(program: string): number | null {
  const file = `/proc/${process.pid}/task/${process.pid}/children`;
  if (!existsSync(file)) return null;
  const children = readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return children.find((pid) => isRunning(pid, program)) ?? null;
}
