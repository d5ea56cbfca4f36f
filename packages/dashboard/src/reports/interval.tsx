import type { ReportMetrics } from '@dialmark/shared';
import { percent } from '../model/format.ts';

/** Returns the share of visits that called; null without visits. */
export function calledShare({ callingVisits, visits }: ReportMetrics): number | null {
  return callingVisits === null || visits === 0 ? null : callingVisits / visits;
}

/** The share of visits that called, as a dot on the stretch where it truly may lie (Wilson, 95 %). */
export function Interval({ row, widest }: { row: ReportMetrics; widest: number }) {
  const { callRateLow, callRateHigh } = row;
  const share = calledShare(row);
  if (share === null || callRateLow === null || callRateHigh === null) return <span class="soft">no visits</span>;
  const at = (rate: number) => `${Math.min(100, (100 * rate) / widest)}%`;
  return (
    <div class="rate">
      <span>{percent(share, 1)}</span>
      <div class="interval" aria-hidden="true">
        <i style={{ left: at(callRateLow), width: `calc(${at(callRateHigh)} - ${at(callRateLow)})` }} />
        <b style={{ left: at(share) }} />
      </div>
      <span class="sub">
        {percent(callRateLow, 1)} to {percent(callRateHigh, 1)}
      </span>
    </div>
  );
}
