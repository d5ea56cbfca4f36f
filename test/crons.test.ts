import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startCrons } from '../tools/crons.ts';

const MINUTE = 60_000;

describe('scheduled work on one machine', () => {
  let ran: string[];
  beforeEach(() => {
    ran = [];
    vi.useFakeTimers({ now: Date.parse('2026-11-24T03:00:30Z') });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is done at once, for the time the machine was off, and then at its times', async () => {
    const stop = startCrons(['*/10 * * * *', '17 3 * * *'], async (cron) => ran.push(cron));
    await vi.advanceTimersByTimeAsync(0);
    expect(ran).toEqual(['*/10 * * * *', '17 3 * * *']);
    await vi.advanceTimersByTimeAsync(25 * MINUTE);
    expect(ran.slice(2)).toEqual(['*/10 * * * *', '17 3 * * *', '*/10 * * * *']);
    stop();
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    expect(ran).toHaveLength(5);
  });

  it('goes on after a run that failed', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const stop = startCrons(['*/10 * * * *'], async (cron) => {
      ran.push(cron);
      throw new Error('no');
    });
    await vi.advanceTimersByTimeAsync(20 * MINUTE);
    expect(ran).toHaveLength(3);
    expect(log).toHaveBeenCalledTimes(3);
    log.mockRestore();
    stop();
  });
});
