import { api, type SiteMetrics } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { Card, Facts } from '../components/card.tsx';
import { Answer } from '../components/feedback.tsx';
import { CARRIERS } from '../install/carrier-names.ts';
import { ask } from '../model/api.ts';
import { count, dateTime, duration, plural } from '../model/format.ts';
import { useSite } from '../model/site.ts';
import { inPool } from '../numbers/in-pool.ts';

/** How the parts behind the site do: pool, ledger and queue apart. */
export function Running() {
  const { site } = useSite();
  const asked = useQuery({ ...ask(api.metrics, { site: site.id }), refetchInterval: 10_000 });
  return (
    <Card title="How it runs">
      <Answer of={asked} what="the counters">
        {(metrics) => (
          <>
            <Facts
              of={[
                ['Pool', poolText(metrics.numbers)],
                ['Ledger', ledgerText(metrics)],
                ['Conversions', queueText(metrics)],
                ['Leases', `${count(sum(metrics.leases.made))} made, ${count(metrics.leases.renewed)} renewed`],
                ['Without a number', withoutText(metrics)],
                ...metrics.webhooks.map(({ carrier, accepted, badSignature, unconfigured }): [string, string] => [
                  CARRIERS[carrier],
                  `${plural(accepted, 'webhook')} taken, ${count(badSignature + unconfigured)} refused`,
                ]),
              ]}
            />
            <p class="soft">Counted since {dateTime(metrics.since, site.timeZone ?? 'UTC')}.</p>
          </>
        )}
      </Answer>
    </Card>
  );
}

const sum = (by: Record<string, number>) => Object.values(by).reduce((total, value) => total + value, 0);

function poolText(numbers: SiteMetrics['numbers']): string {
  const draining = numbers.draining > 0 ? `, ${count(numbers.draining)} more draining` : '';
  return `${plural(inPool(numbers), 'number')}, ${count(numbers.leased)} held${draining}`;
}

function ledgerText({ outbox, deliveries }: SiteMetrics): string {
  if (deliveries === null) return 'away: leases and calls go on, and wait for it';
  return outbox.waiting === 0
    ? 'up to date'
    : `${plural(outbox.waiting, 'change')} on the way, ${duration(outbox.seconds)}`;
}

function queueText({ callNews, deliveries }: SiteMetrics): string {
  const overdue = Math.max(0, ...(deliveries ?? []).map(({ overdueSeconds }) => overdueSeconds));
  if (callNews.waiting === 0 && overdue === 0) return 'nothing waits';
  return `${plural(callNews.waiting, 'call')} to be told${overdue > 0 ? `, the oldest message ${duration(overdue)} late` : ''}`;
}

function withoutText({ leases: { without } }: SiteMetrics): string {
  const told = Object.entries(without).filter(([, times]) => times > 0);
  return told.length === 0
    ? 'none'
    : told.map(([reason, times]) => `${count(times)} ${reason.replace('_', ' ')}`).join(', ');
}
