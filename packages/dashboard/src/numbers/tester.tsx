import { api, type TrackingNumber } from '@dialmark/shared';
import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { Card, Facts } from '../components/card.tsx';
import { Answer } from '../components/feedback.tsx';
import { TextField } from '../components/field.tsx';
import { ask } from '../model/api.ts';
import { count, phone } from '../model/format.ts';
import { useSite } from '../model/site.ts';
import { ruleText } from './number-state.ts';
import { whichNumber } from './which-number.ts';

/** Shows the number that a given visit would get, and the reason. */
export function Tester({ numbers }: { numbers: TrackingNumber[] }) {
  const { site } = useSite();
  const [url, setUrl] = useState(
    `${site.origins[0] ?? 'https://acme.example'}/?utm_source=google&utm_medium=cpc&utm_campaign=spring`,
  );
  const [referrer, setReferrer] = useState('https://www.google.com/');
  const asked = useQuery({
    ...ask(api.classify, { site: site.id, query: { url, ...(referrer ? { referrer } : {}) } }),
    enabled: url !== '',
    placeholderData: (before) => before,
  });
  return (
    <Card title="Test a visit">
      <TextField label="Landing page" type="url" value={url} onChange={setUrl} />
      <TextField
        label="Referrer"
        type="url"
        value={referrer}
        onChange={setReferrer}
        hint="Leave empty for a direct visit."
      />
      <Answer of={asked} what="the result">
        {(touch) => (
          <div role="status" class="stack">
            {site.targets.map(({ id }) => {
              const shown = whichNumber(id, numbers, { url, referrer: referrer || null, touch });
              return (
                <p key={id} class={`note ${shown.kind === 'fallback' ? 'warn' : 'good'}`}>
                  <span>
                    <strong>{id}:</strong>{' '}
                    {shown.kind === 'source'
                      ? `${phone(shown.number.number, site.country)}${shown.number.name ? ` (${shown.number.name})` : ''}, because it matches ${ruleText(shown.number)}`
                      : shown.kind === 'pool'
                        ? poolText(shown)
                        : 'no rule matches and there is no pool, so the printed number stays'}
                  </span>
                </p>
              );
            })}
            <Facts
              of={[
                ['Channel', touch.channel],
                ['Source', `${touch.source} / ${touch.medium}`],
                ['Campaign', touch.campaign],
                ['Keyword', touch.term],
                ['Click IDs', Object.keys(touch.clickIds).join(', ')],
                ['Rule', touch.rule],
              ]}
            />
          </div>
        )}
      </Answer>
    </Card>
  );
}

/** Returns which part of the pool the number would come from, and how likely that is. */
function poolText({ free, resting }: { free: number; resting: number }): string {
  if (free > 0) return `a number from the pool (${count(free)} free now)`;
  if (resting > 0) return `a number from the pool that is still cooling down, because no other is free`;
  return 'all pool numbers are in use';
}
