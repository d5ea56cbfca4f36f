import { api, type SiteMetrics } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { Card, Facts } from '../components/card.tsx';
import { Answer } from '../components/feedback.tsx';
import { CARRIERS } from '../install/carrier-names.ts';
import { ask } from '../model/api.ts';
import { count, dateTime, duration, plural } from '../model/format.ts';
import { useSite } from '../model/site.ts';
import { inPool } from '../numbers/in-pool.ts';

/** The health of each part behind the site: pool, ledger and queue. */
export function Running() {
  const { site } = useSite();
  const asked = useQuery({ ...ask(api.metrics, { site: site.id }), refetchInterval: 10_000 });
  return (
    <Card title="System status">
      <Answer of={asked} what="the counters">
        {(metrics) => (
          <>
            <Facts
              of={[
                ['Pool', poolText(metrics.numbers)],
                ['Reporting', ledgerText(metrics)],
                ['Conversions', queueText(metrics)],
                ['Leases', `${count(sum(metrics.leases.made))} created, ${count(metrics.leases.renewed)} renewed`],
                ['Visits without a number', withoutText(metrics)],
                ...metrics.webhooks.map(({ carrier, accepted, badSignature, unconfigured }): [string, string] => [
                  CARRIERS[carrier],
                  `${plural(accepted, 'webhook')} accepted, ${count(badSignature + unconfigured)} rejected`,
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
  return `${plural(inPool(numbers), 'number')}, ${count(numbers.leased)} in use${draining}`;
}

function ledgerText({ outbox, deliveries }: SiteMetrics): string {
  if (deliveries === null) return 'Unavailable. Numbers and calls keep working; reports will catch up.';
  return outbox.waiting === 0
    ? 'Up to date'
    : `${plural(outbox.waiting, 'change')} pending, delayed by ${duration(outbox.seconds)}`;
}

function queueText({ callNews, deliveries }: SiteMetrics): string {
  const overdue = Math.max(0, ...(deliveries ?? []).map(({ overdueSeconds }) => overdueSeconds));
  if (callNews.waiting === 0 && overdue === 0) return 'Up to date';
  return `${plural(callNews.waiting, 'call')} pending${overdue > 0 ? `, oldest delivery ${duration(overdue)} late` : ''}`;
}

function withoutText({ leases: { without } }: SiteMetrics): string {
  const reasons = Object.entries(without).filter(([, times]) => times > 0);
  return reasons.length === 0
    ? 'none'
    : reasons.map(([reason, times]) => `${count(times)} ${reason.replace('_', ' ')}`).join(', ');
}
