import type { SourceRule } from '@dialmark/shared';
import { TextField } from '../components/field.tsx';

const FIELDS: readonly (readonly [keyof SourceRule, string, string])[] = [
  ['source', 'Source', 'Such as google.'],
  ['medium', 'Medium', 'Such as cpc.'],
  ['campaign', 'Campaign', ''],
  ['channel', 'Channel', 'Such as Paid Search.'],
  ['landingPage', 'Landing page', 'A path, with * as a wildcard: /roof*.'],
  ['referrer', 'Referrer', 'A host: yelp.com.'],
  ['clickId', 'Click ID', 'A URL parameter, such as gclid.'],
];

/** A source number's conditions; all that are filled in must hold. */
export function RuleFields({
  rule,
  errorAt,
  onChange,
}: {
  rule: SourceRule;
  /** By `match.campaign` and so on. */
  errorAt: (path: string) => string | undefined;
  onChange: (rule: SourceRule) => void;
}) {
  const none = errorAt('match');
  return (
    <fieldset class="bare stack">
      <legend>Shown to visits that match all of these</legend>
      {none && (
        <p class="error" role="alert">
          {none}
        </p>
      )}
      <div class="fields">
        {FIELDS.map(([name, label, hint]) => (
          <TextField
            key={name}
            label={label}
            hint={hint}
            value={rule[name] ?? ''}
            error={errorAt(`match.${name}`)}
            onChange={(text) => {
              const { [name]: _, ...others } = rule;
              onChange(text === '' ? others : { ...others, [name]: text });
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
