import { type AlertType, type EpochMs, HOUR, MINUTE, SECOND, type Site } from '@dialmark/shared';

/** The state of a pool that alerts are judged by. */
export interface Measurements {
  now: EpochMs;
  /** Visits that found no number, in this hour of the clock and the one before. */
  exhausted: { thisHour: number; lastHour: number };
  /** Start of the silence: the last call, or the time at which counting began. */
  silentSince: EpochMs;
  /** True if there ever was a call. */
  hasCalls: boolean;
  /** Calls to be expected of the visits and taps since then, by the site's own habits. */
  expectedCalls: number;
  /** Age of the oldest change that the ledger does not have. */
  behindMs: number;
  /** The sizes of the databases: this pool's, and the ledger's if known. */
  bytes?: { pool: number; ledger: number };
}

export interface Finding {
  measured: number;
  /** In plain words, with what to do. */
  summary: string;
}

export type Thresholds = Pick<
  NonNullable<Site['alerts']>,
  'exhaustedPerHour' | 'silentSeconds' | 'behindSeconds' | 'databaseGigabytes'
>;

const GIGABYTE = 1e9;

/** For sites that say nothing of alerts: they are found all the same, for the dashboard. */
export const USUAL: Thresholds = {
  exhaustedPerHour: 5,
  silentSeconds: (4 * HOUR) / SECOND,
  behindSeconds: 300,
  databaseGigabytes: 7,
};

/**
 * Calls come by chance: of seven that are expected, none comes once in a thousand times (Poisson, e⁻⁷). A site of which
 * no call ever came in is only known by a general prior, so it takes more.
 */
const EXPECTED_IN_VAIN = 7;
const EXPECTED_IN_VAIN_AT_FIRST = 30;

/**
 * Returns why a person should look at a site now.
 *
 * @param lasting what was found before and is not over: it takes less to stay found than to be, so that nothing flickers
 */
export function findingsOf(
  watched: Measurements,
  thresholds: Thresholds,
  lasting: ReadonlySet<AlertType>,
): Map<AlertType, Finding> {
  const found = new Map<AlertType, Finding>();
  const { thisHour, lastHour } = watched.exhausted;
  const exhausted = lasting.has('alert.pool_exhausted') ? thisHour + lastHour : thisHour;
  if (exhausted >= (lasting.has('alert.pool_exhausted') ? 1 : thresholds.exhaustedPerHour)) {
    found.set('alert.pool_exhausted', {
      measured: exhausted,
      summary: `${exhausted} visits in the last hour found no free number. Add numbers: GET …/pool/sizing recommends how many.`,
    });
  }

  const silentMs = watched.now - watched.silentSince;
  const enough = watched.hasCalls ? EXPECTED_IN_VAIN : EXPECTED_IN_VAIN_AT_FIRST;
  if (silentMs >= thresholds.silentSeconds * SECOND && watched.expectedCalls >= enough) {
    found.set('alert.carrier_silent', {
      measured: Math.floor(silentMs / SECOND),
      summary: `No calls for ${inWords(silentMs)}, although the visits in that time would usually bring about ${Math.round(watched.expectedCalls)}. Dial a tracking number, and check the webhook address and the error log at the carrier.`,
    });
  }

  const behind = thresholds.behindSeconds * SECOND;
  if (watched.behindMs >= (lasting.has('alert.ledger_behind') ? behind / 2 : behind)) {
    found.set('alert.ledger_behind', {
      measured: Math.floor(watched.behindMs / SECOND),
      summary: `Lists and reports are ${inWords(watched.behindMs)} behind. Numbers and calls keep working and nothing is lost. Check the ledger in the Worker's log.`,
    });
  }
  const { pool, ledger } = watched.bytes ?? { pool: 0, ledger: 0 };
  const [database, bytes] = pool >= ledger ? ['pool', pool] : ['ledger', ledger];
  // A configuration from before there was this threshold has none.
  const most = (thresholds.databaseGigabytes ?? USUAL.databaseGigabytes) * GIGABYTE;
  if (bytes >= (lasting.has('alert.database_size') ? 0.9 * most : most)) {
    found.set('alert.database_size', {
      measured: bytes,
      summary: `The ${database}'s database has ${(bytes / GIGABYTE).toPrecision(2)} GB. On Cloudflare it is full at 10 GB. Lower retentionDays, and see admission in GET …/metrics for unusual traffic.`,
    });
  }
  return found;
}

function inWords(ms: number): string {
  const [amount, unit] =
    ms >= 2 * HOUR ? [Math.floor(ms / HOUR), 'hours'] : [Math.max(1, Math.floor(ms / MINUTE)), 'minutes'];
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}
