import {
  CHANNELS,
  countsAs,
  hasSource,
  type NumberCounts,
  type NumberPreset,
  type NumberSource,
  type SourceRule,
} from '@dialmark/shared';
import type { ComponentChildren } from 'preact';
import { Select, TextField } from '../components/field.tsx';
import { countsText } from './number-state.ts';
import { PLACES } from './places.ts';
import { RuleFields } from './rule-fields.tsx';

/** What a number is for: a place of the list, visitors of the site, or something else; empty until it is chosen. */
export type Purpose = NumberPreset | 'site' | 'other' | '';

/** A source number's source while it is being written. */
export interface SourceDraft {
  purpose: Purpose;
  rule: SourceRule;
  counts: NumberCounts;
}

export const NEW_SOURCE: SourceDraft = { purpose: '', rule: {}, counts: {} };

export function draftOf({ preset, match, counts }: NumberSource): SourceDraft {
  return { purpose: preset ?? (match ? 'site' : 'other'), rule: match ?? {}, counts: counts ?? {} };
}

/** Returns a draft as the API takes it. */
export function sourceOf({ purpose, rule, counts }: SourceDraft): NumberSource {
  const orNull = <T extends object>(given: T) => (Object.keys(given).length > 0 ? given : null);
  return {
    preset: purpose === 'site' || purpose === 'other' || purpose === '' ? null : purpose,
    match: orNull(rule),
    counts: orNull(counts),
  };
}

const COUNTED: readonly (readonly [keyof NumberCounts, string])[] = [
  ['source', 'Counted source'],
  ['medium', 'Counted medium'],
  ['campaign', 'Counted campaign'],
  ['term', 'Counted keyword'],
  ['content', 'Counted ad'],
];

const PURPOSES = [
  ...PLACES.map(([kind, places]) => [kind, places.map(([preset, name]) => [preset, name] as const)] as const),
  [
    'Elsewhere',
    [
      ['site', 'On my site, for some visitors'],
      ['other', 'Somewhere else'],
    ],
  ],
] as const;

const NEEDS_SOURCE = 'Choose where people see the number, or say what its calls count as.';

/** Where a source number stands, and what its calls count as: most often one choice says all of it. */
export function SourceFields({
  draft,
  name,
  errorAt,
  onChange,
  children,
}: {
  draft: SourceDraft;
  /** The number's name, which is the campaign of a place. */
  name: string;
  /** By `match.campaign`, `counts.source` and so on. */
  errorAt: (path: string) => string | undefined;
  onChange: (draft: SourceDraft) => void;
  /** What else is said of the number. */
  children?: ComponentChildren;
}) {
  const { purpose, rule, counts } = draft;
  const source = sourceOf(draft);
  const isPlaced = purpose !== 'site';
  const shown = countsAs({ ...source, name: name.trim() || null });
  const base = countsAs({ ...source, counts: null, name: name.trim() || null });
  const count = (field: keyof NumberCounts, text: string) => {
    const { [field]: _, ...others } = counts;
    onChange({ ...draft, counts: text === '' ? others : { ...others, [field]: text } });
  };
  return (
    <>
      <Select<Purpose>
        label="Where people see it"
        value={purpose}
        options={purpose === '' ? [['', 'Choose…']] : []}
        groups={PURPOSES}
        error={isPlaced && errorAt('match') ? NEEDS_SOURCE : errorAt('preset')}
        onChange={(chosen) => onChange({ ...draft, purpose: chosen })}
      />
      {children}
      {!isPlaced && (
        <RuleFields rule={rule} errorAt={errorAt} onChange={(next) => onChange({ ...draft, rule: next })} />
      )}
      {hasSource(source) && (
        <p class="note" role="status">
          <span>
            Calls count as <strong>{shown.channel}</strong>
            {countsText(shown) && `: ${countsText(shown)}`}
          </span>
        </p>
      )}
      <details open={purpose === 'other' ? true : undefined}>
        <summary>Change what its calls count as</summary>
        <div class="fields folded">
          {COUNTED.map(([field, label]) => (
            <TextField
              key={field}
              label={label}
              value={counts[field] ?? ''}
              placeholder={base[field] ?? ''}
              error={errorAt(`counts.${field}`)}
              onChange={(text) => count(field, text)}
            />
          ))}
          <Select
            label="Counted channel"
            value={counts.channel ?? ''}
            error={errorAt('counts.channel')}
            options={[['', `Automatic (${base.channel})`], ...CHANNELS.map((channel) => [channel, channel] as const)]}
            onChange={(channel) => count('channel', channel)}
          />
        </div>
      </details>
      {isPlaced && purpose !== '' && (
        <details>
          <summary>Show it on my site, too</summary>
          <div class="folded">
            <RuleFields
              rule={rule}
              errorAt={(path) => (path === 'match' ? undefined : errorAt(path))}
              onChange={(next) => onChange({ ...draft, rule: next })}
            />
          </div>
        </details>
      )}
    </>
  );
}
