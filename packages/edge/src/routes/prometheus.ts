import { AlertType, type SiteMetrics } from '@dialmark/shared';

type Sample = [labels: Record<string, string>, value: number];

interface Family {
  name: string;
  help: string;
  type: 'counter' | 'gauge';
  of(metrics: SiteMetrics): Sample[];
}

const by = (label: string, values: Readonly<Record<string, number>>): Sample[] =>
  Object.entries(values).map(([key, value]) => [{ [label]: key }, value]);

const FAMILIES: readonly Family[] = [
  {
    name: 'dialmark_leases_total',
    help: 'Numbers assigned, by kind.',
    type: 'counter',
    of: ({ leases }) => by('kind', leases.made),
  },
  {
    name: 'dialmark_renewals_total',
    help: 'Leases renewed.',
    type: 'counter',
    of: ({ leases }) => [[{}, leases.renewed]],
  },
  {
    name: 'dialmark_without_number_total',
    help: 'Leases without a number for the visit, by reason.',
    type: 'counter',
    of: ({ leases }) => by('reason', leases.without),
  },
  {
    name: 'dialmark_early_reissues_total',
    help: 'Numbers reused before their cooldown was over.',
    type: 'counter',
    of: ({ leases }) => [[{}, leases.earlyReissues]],
  },
  {
    name: 'dialmark_requests_served_total',
    help: 'Leases and events that were stored.',
    type: 'counter',
    of: ({ admission }) => [[{}, admission.served]],
  },
  {
    name: 'dialmark_requests_unstored_total',
    help: 'Leases and events answered without being stored, by reason.',
    type: 'counter',
    of: ({ admission }) => by('reason', admission.unstored),
  },
  {
    name: 'dialmark_requests_refused_total',
    help: 'Leases and events rejected with status 429.',
    type: 'counter',
    of: ({ admission }) => [[{}, admission.refused]],
  },
  {
    name: 'dialmark_pool_bytes',
    help: 'Size of the databases of the site’s pool.',
    type: 'gauge',
    of: ({ storage }) => [[{}, storage.poolBytes]],
  },
  {
    name: 'dialmark_ledger_bytes',
    help: 'Size of the ledgers of all sites.',
    type: 'gauge',
    of: ({ storage }) => (storage.ledgerBytes === null ? [] : [[{}, storage.ledgerBytes]]),
  },
  {
    name: 'dialmark_tel_clicks_total',
    help: 'Taps on a number.',
    type: 'counter',
    of: ({ telClicks }) => [[{}, telClicks]],
  },
  {
    name: 'dialmark_calls_total',
    help: 'Calls that reached each status.',
    type: 'counter',
    of: ({ calls }) => by('status', calls),
  },
  {
    name: 'dialmark_webhooks_total',
    help: 'Carrier webhooks, by result.',
    type: 'counter',
    of: ({ webhooks }) =>
      webhooks.flatMap(({ carrier, accepted, badSignature, unconfigured }) =>
        by('result', { accepted, bad_signature: badSignature, unconfigured }).map(
          ([labels, value]): Sample => [{ carrier, ...labels }, value],
        ),
      ),
  },
  {
    name: 'dialmark_numbers',
    help: 'Pool numbers by state.',
    type: 'gauge',
    of: ({ numbers: { total: _, ...states } }) => by('state', states),
  },
  {
    name: 'dialmark_outbox_waiting',
    help: 'Changes that the ledger has not confirmed yet.',
    type: 'gauge',
    of: ({ outbox }) => [[{}, outbox.waiting]],
  },
  {
    name: 'dialmark_outbox_age_seconds',
    help: 'Age of the oldest change that the ledger has not confirmed.',
    type: 'gauge',
    of: ({ outbox }) => [[{}, outbox.seconds]],
  },
  {
    name: 'dialmark_outbox_refused',
    help: 'Changes that the ledger rejected and that were set aside.',
    type: 'gauge',
    of: ({ outbox }) => [[{}, outbox.refused]],
  },
  {
    name: 'dialmark_call_news_waiting',
    help: 'Changes to calls that conversions have not processed yet.',
    type: 'gauge',
    of: ({ callNews }) => [[{}, callNews.waiting]],
  },
  {
    name: 'dialmark_deliveries_24h',
    help: 'Deliveries of the last 24 hours, by integration and state.',
    type: 'gauge',
    of: ({ deliveries }) =>
      (deliveries ?? []).map(({ integration, kind, state, count }) => [
        { integration, kind: kind ?? '', state },
        count,
      ]),
  },
  {
    name: 'dialmark_deliveries_overdue_seconds',
    help: 'Time that the oldest pending delivery is overdue.',
    type: 'gauge',
    of: ({ deliveries }) =>
      (deliveries ?? [])
        .filter(({ state }) => state === 'pending')
        .map(({ integration, overdueSeconds }) => [{ integration }, overdueSeconds]),
  },
  {
    name: 'dialmark_alert',
    help: '1 while an alert is open.',
    type: 'gauge',
    of: ({ alerts }) =>
      AlertType.options.map((type) => [{ type }, alerts.some((alert) => alert.type === type) ? 1 : 0]),
  },
];

/** Returns the metrics of sites in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/). */
export function prometheus(sites: ReadonlyMap<string, SiteMetrics>): string {
  return FAMILIES.map(({ name, help, type, of }) => {
    const samples = [...sites].flatMap(([site, metrics]) =>
      of(metrics).map(([labels, value]) => `${name}{${labelText({ site, ...labels })}} ${value}\n`),
    );
    return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.join('')}`;
  }).join('');
}

function labelText(labels: Record<string, string>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`)
    .join(',');
}
