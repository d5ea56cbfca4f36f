import type { CallEventType, CallRules, IntegrationKind } from '@dialmark/shared';
import { Check, DurationField, NumberField, Select, TextField } from '../components/field.tsx';
import { useSite } from '../model/site.ts';
import { at } from '../settings/draft.ts';
import { KINDS } from './kinds.ts';

const EVENTS: readonly (readonly [CallEventType, string])[] = [
  ['call.ringing', 'When a call rings'],
  ['call.completed', 'When it is over'],
  ['call.updated', 'When it changes later'],
];
const ALL = EVENTS.map(([event]) => event);

/** Which calls count for a destination; what is left alone is as the API has it. */
export function RulesFields({
  kind,
  config,
  set,
  fault,
}: {
  kind: IntegrationKind;
  config: object;
  set: (path: string, value: unknown) => void;
  fault: (path: string) => string | undefined;
}) {
  const { site } = useSite();
  const { delayMinutes } = KINDS[kind];
  const isWebhook = kind === 'webhook';
  const rules = (at(config, 'rules') ?? {}) as Partial<CallRules>;
  const events = (at(config, 'events') as CallEventType[] | undefined) ?? ALL;
  const names = (field: 'sources' | 'channels', label: string, hint: string) => (
    <TextField
      label={label}
      hint={hint}
      value={rules[field]?.join(', ') ?? ''}
      error={fault(`rules.${field}`)}
      onChange={(text) => set(`rules.${field}`, text.trim() === '' ? null : text.split(/, ?/))}
    />
  );
  return (
    <>
      <fieldset class="stack">
        <legend>Which calls count</legend>
        <div>
          <Check
            label="Only answered calls"
            checked={rules.answered ?? !isWebhook}
            onChange={(on) => set('rules.answered', on)}
          />
          <Check
            label="Only first-time callers"
            checked={rules.firstTimeOnly ?? false}
            onChange={(on) => set('rules.firstTimeOnly', on)}
          />
          <Check label="Spam too" checked={rules.spam ?? false} onChange={(on) => set('rules.spam', on)} />
        </div>
        <div class="fields">
          <DurationField
            label="That lasted at least"
            hint="Empty: however short."
            value={rules.minSeconds || null}
            error={fault('rules.minSeconds')}
            onChange={(seconds) => set('rules.minSeconds', seconds ?? 0)}
          />
          <Select
            label="Whose visitor"
            value={
              (at(config, 'consent') as 'implied' | 'required' | undefined) ?? (isWebhook ? 'implied' : 'required')
            }
            options={[
              ['implied', 'agreed or was not asked'],
              ['required', 'agreed to be known'],
            ]}
            onChange={(consent) => set('consent', consent)}
          />
          {names('sources', 'From these sources', 'Such as google, bing. Empty: any.')}
          {names('channels', 'By these channels', 'Such as Paid Search. Empty: any.')}
        </div>
      </fieldset>
      {isWebhook ? (
        <fieldset>
          <legend>When it is told</legend>
          {EVENTS.map(([event, label]) => (
            <Check
              key={event}
              label={label}
              checked={events.includes(event)}
              onChange={(on) =>
                set(
                  'events',
                  ALL.filter((each) => (each === event ? on : events.includes(each))),
                )
              }
            />
          ))}
          {fault('events') && (
            <p class="error" role="alert">
              {events.length === 0
                ? 'Choose at least one.'
                : 'Changes can only be told of a call that was told when it was over.'}
            </p>
          )}
        </fieldset>
      ) : (
        <div class="fields">
          <NumberField
            label={`A call is worth, in ${site.currency ?? 'USD'}`}
            hint="Where it has no value of its own. Empty: nothing is said of it."
            value={(at(config, 'value') as number | null | undefined) ?? null}
            error={fault('value')}
            onChange={(value) => set('value', value)}
          />
          <DurationField
            key={kind}
            label="Sent after the call"
            hint="Time for the platform to know the click, and for a value to come in."
            value={60 * ((at(config, 'delayMinutes') as number | undefined) ?? delayMinutes ?? 0)}
            error={fault('delayMinutes')}
            onChange={(seconds) => set('delayMinutes', (seconds ?? 0) / 60)}
          />
        </div>
      )}
    </>
  );
}
