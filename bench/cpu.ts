import { readdirSync, readFileSync } from 'node:fs';

/** Kernel ticks a second, as `/proc` counts (`getconf CLK_TCK`; 100 on every Linux in use). */
const TICKS = 100;

/** Returns the workerd that this process started; null if there is no `/proc` (not Linux). */
function workerd(): { pid: string; stat: string[] } | null {
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const stat = text.slice(text.lastIndexOf(')') + 2).split(' ');
      if (text.includes('(workerd)') && Number(stat[1]) === process.pid) return { pid, stat };
    }
  } catch {
    // No /proc, or a process that ended while it was read.
  }
  return null;
}

/** Processor time of workerd in seconds. Unlike requests a second it hardly depends on what else the machine is doing. */
export function workerdCpuSeconds(): number | null {
  const found = workerd();
  return found && (Number(found.stat[11]) + Number(found.stat[12])) / TICKS;
}

/** Resident memory of workerd in megabytes. */
export function workerdMegabytes(): number | null {
  const found = workerd();
  const resident = found && /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${found.pid}/status`, 'utf8'));
  return resident ? Number(resident[1]) / 1024 : null;
}
