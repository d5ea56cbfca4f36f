import { api, type Dimension, type Model } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { Card } from '../components/card.tsx';
import { Answer } from '../components/feedback.tsx';
import { ask } from '../model/api.ts';
import { count, percent } from '../model/format.ts';
import type { Period } from '../model/period.ts';
import { useSite } from '../model/site.ts';
import { Interval } from './interval.tsx';

/** Two keys of a dimension against each other, and what may be concluded. */
export function Comparison({
  dimension,
  keys: [a, b],
  period,
  model,
  onClose,
}: {
  dimension: Dimension;
  keys: [string, string];
  period: Period;
  model: Model;
  onClose: () => void;
}) {
  const { site } = useSite();
  const asked = useQuery(ask(api.compareReport, { site: site.id, query: { ...period, model, dimension, a, b } }));
  return (
    <Card
      title={`${a} or ${b}?`}
      aside={
        <button type="button" onClick={onClose}>
          Close
        </button>
      }
    >
      <Answer of={asked} what="the comparison">
        {(comparison) => {
          const { probabilityBetter: p } = comparison;
          const [better, other, sure] = p >= 0.5 ? [a, b, p] : [b, a, 1 - p];
          const widest = Math.max(comparison.a.callRateHigh ?? 0, comparison.b.callRateHigh ?? 0, 1e-9);
          return (
            <>
              <p class={`note ${sure >= 0.95 ? 'good' : ''}`} role="status">
                <span>
                  {sure >= 0.95 ? (
                    <>
                      <strong>{better}</strong> has a higher call rate than <strong>{other}</strong>: {percent(sure, 1)}{' '}
                      sure.
                    </>
                  ) : sure >= 0.8 ? (
                    <>
                      <strong>{better}</strong> is probably better ({percent(sure)}), but it’s too early to be sure.
                    </>
                  ) : (
                    <>
                      No clear difference yet ({percent(sure)} for {better}). More visits are needed.
                    </>
                  )}
                </span>
              </p>
              <div class="columns">
                {[comparison.a, comparison.b].map((row) => (
                  <div key={row.key} class="stack">
                    <h3>{row.key}</h3>
                    <span class="soft">
                      {count(row.callingVisits ?? 0)} of {count(row.visits)} visits called, {count(row.calls)} calls
                    </span>
                    <Interval row={row} widest={widest} />
                  </div>
                ))}
              </div>
            </>
          );
        }}
      </Answer>
    </Card>
  );
}
