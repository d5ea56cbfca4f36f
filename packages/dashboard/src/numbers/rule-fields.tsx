import type { SourceRule } from '@dialmark/shared';
import { TextField } from '../components/field.tsx';

const FIELDS: readonly (readonly [keyof SourceRule, string, string])[] = [
  ['source', 'Source', 'Such as google.'],
  ['medium', 'Medium', 'Such as cpc.'],
  ['campaign', 'Campaign', ''],
  ['channel', 'Channel', 'Such as Paid Search.'],
  ['landingPage', 'Landing page', 'A path, or one with *: /roof*.'],
  ['referrer', 'Referrer', 'A host: yelp.com.'],
  ['clickId', 'Click id', 'A parameter that is there: gclid.'],
];

/** A source number's conditions; all that are filled in must hold. */
export function RuleFields({
  rule,
  fault,
  onChange,
}: {
  rule: SourceRule;
  /** By `match.campaign` and so on. */
  fault: (path: string) => string | undefined;
  onChange: (rule: SourceRule) => void;
}) {
  const none = fault('match');
  return (
    <fieldset class="bare stack">
      <legend>Shown to visits with all of these</legend>
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
            error={fault(`match.${name}`)}
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
