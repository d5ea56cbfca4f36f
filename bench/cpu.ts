import { readdirSync, readFileSync } from 'node:fs';

/** Kernel ticks a second, as `/proc` counts (`getconf CLK_TCK`; 100 on every Linux in use). */
const TICKS = 100;

/**
 * Processor time of this process's workerd in seconds, from `/proc`; null where there is none. Unlike requests a
 * second it hardly depends on what else the machine is doing.
 */
export function workerdCpuSeconds(): number | null {
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (stat.includes('(workerd)') && Number(rest[1]) === process.pid) {
        return (Number(rest[11]) + Number(rest[12])) / TICKS;
      }
    }
  } catch {
    // No /proc (not Linux), or a process that ended while it was read.
  }
  return null;
}
