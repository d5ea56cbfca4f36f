import type { CallEventType, CallRules, IntegrationKind } from '@dialmark/shared';
import { Check, DurationField, NumberField, Select, TextField } from '../components/field.tsx';
import { useSite } from '../model/site.ts';
import { at } from '../settings/draft.ts';
import { KINDS } from './kinds.ts';

const EVENTS: readonly (readonly [CallEventType, string])[] = [
  ['call.ringing', 'Call is ringing'],
  ['call.completed', 'Call is completed'],
  ['call.updated', 'Call is updated later'],
];
const ALL = EVENTS.map(([event]) => event);

/** The rules of an integration; what is left alone is as the API has it. */
export function RulesFields({
  kind,
  config,
  set,
  errorAt,
}: {
  kind: IntegrationKind;
  config: object;
  set: (path: string, value: unknown) => void;
  errorAt: (path: string) => string | undefined;
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
      error={errorAt(`rules.${field}`)}
      onChange={(text) => set(`rules.${field}`, text.trim() === '' ? null : text.split(/, ?/))}
    />
  );
  return (
    <>
      <fieldset class="stack">
        <legend>Calls to send</legend>
        <div>
          <Check
            label="Answered calls only"
            checked={rules.answered ?? !isWebhook}
            onChange={(on) => set('rules.answered', on)}
          />
          <Check
            label="First-time callers only"
            checked={rules.firstTimeOnly ?? false}
            onChange={(on) => set('rules.firstTimeOnly', on)}
          />
          <Check label="Include spam" checked={rules.spam ?? false} onChange={(on) => set('rules.spam', on)} />
        </div>
        <div class="fields">
          <DurationField
            label="Minimum talk time"
            hint="Default: any length."
            value={rules.minSeconds || null}
            error={errorAt('rules.minSeconds')}
            onChange={(seconds) => set('rules.minSeconds', seconds ?? 0)}
          />
          <Select
            label="Consent"
            value={
              (at(config, 'consent') as 'implied' | 'required' | undefined) ?? (isWebhook ? 'implied' : 'required')
            }
            options={[
              ['implied', 'Given or not asked'],
              ['required', 'Given'],
            ]}
            onChange={(consent) => set('consent', consent)}
          />
          {names('sources', 'Sources', 'Such as google, bing. Default: any.')}
          {names('channels', 'Channels', 'Such as Paid Search. Default: any.')}
        </div>
      </fieldset>
      {isWebhook ? (
        <fieldset>
          <legend>When to send</legend>
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
          {errorAt('events') && (
            <p class="error" role="alert">
              {events.length === 0
                ? 'Choose at least one.'
                : 'Updates can be sent only for calls that were sent when completed.'}
            </p>
          )}
        </fieldset>
      ) : (
        <div class="fields">
          <NumberField
            label={`Value of a call, in ${site.currency ?? 'USD'}`}
            hint="Used if a call has no value of its own. Default: no value is sent."
            value={(at(config, 'value') as number | null | undefined) ?? null}
            error={errorAt('value')}
            onChange={(value) => set('value', value)}
          />
          <DurationField
            key={kind}
            label="Delay"
            hint="Gives the platform time to process the click, and you time to set a value."
            value={60 * ((at(config, 'delayMinutes') as number | undefined) ?? delayMinutes ?? 0)}
            error={errorAt('delayMinutes')}
            onChange={(seconds) => set('delayMinutes', (seconds ?? 0) / 60)}
          />
        </div>
      )}
    </>
  );
}
