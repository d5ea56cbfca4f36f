import { Cron } from 'croner';

/**
 * Runs what `wrangler.toml` schedules, where no platform does: at its times (UTC, as on Cloudflare), and once now, for
 * what fell into the time this machine was off. A run that still goes on is not joined by a second.
 * @returns what ends it
 */
export function startCrons(crons: readonly string[], run: (cron: string) => Promise<unknown>): () => void {
  const report = (error: unknown) => console.error({ event: 'scheduled_failed', reason: String(error) });
  const jobs = crons.map((cron) => {
    const job = new Cron(cron, { timezone: 'UTC', protect: true, catch: report }, async () => void (await run(cron)));
    void job.trigger();
    return job;
  });
  return () => {
    for (const job of jobs) job.stop();
  };
}
