import { Card } from '../components/card.tsx';
import { Check, DurationField, NumberField, SecretField, Select, TextArea, TextField } from '../components/field.tsx';
import { MODEL_OPTIONS } from '../components/model-picker.tsx';
import { COUNTRIES, CURRENCIES, TIME_ZONES, withPresent } from '../components/places.ts';
import type { Draft } from './draft.ts';
import { Hours } from './hours.tsx';

interface At {
  draft: Draft;
  path: string;
  label: string;
  hint?: string;
}

/** Empty is null if that is an answer, else left out so that the default stands. */
function Text({ draft, path, empty, ...field }: At & { empty?: null; placeholder?: string }) {
  return (
    <TextField
      {...field}
      value={String(draft.get(path) ?? '')}
      error={draft.error(path)}
      onChange={(text) => draft.set(path, text === '' ? empty : text)}
    />
  );
}

function Amount({ draft, path, empty, ...field }: At & { empty?: null }) {
  return (
    <NumberField
      {...field}
      value={(draft.get(path) as number | null | undefined) ?? null}
      error={draft.error(path)}
      onChange={(value) => draft.set(path, value ?? empty)}
    />
  );
}

function Duration({ draft, path, ...field }: At & { preset?: number }) {
  return (
    <DurationField
      {...field}
      value={(draft.get(path) as number | null | undefined) ?? null}
      error={draft.error(path)}
      onChange={(seconds) => draft.set(path, seconds ?? undefined)}
    />
  );
}

function Choice<T extends string>({
  draft,
  path,
  options,
  ...field
}: At & { options: readonly (readonly [T, string])[] }) {
  return (
    <Select
      {...field}
      value={draft.get(path) as T}
      error={draft.error(path)}
      options={options}
      onChange={(value) => draft.set(path, value)}
    />
  );
}

function Place({ draft, path, label, among }: Omit<At, 'hint'> & { among: typeof COUNTRIES }) {
  const options = withPresent(among, String(draft.get(path) ?? ''));
  return <Choice draft={draft} path={path} label={label} options={options} />;
}

/** A list as lines. */
function Lines({ draft, path, ...field }: At) {
  const value = (draft.get(path) as string[] | undefined) ?? [];
  const ofLine = value.map((_, i) => draft.error(`${path}.${i}`)).find(Boolean);
  return (
    <TextArea
      {...field}
      value={value.join('\n')}
      error={draft.error(path) ?? ofLine}
      onChange={(text) => draft.set(path, text === '' ? [] : text.split('\n'))}
    />
  );
}

export function WhatSite({ draft }: { draft: Draft }) {
  return (
    <Card title="Site">
      <div class="fields">
        <Text draft={draft} path="name" label="Name" />
        <Place draft={draft} path="country" label="Country" among={COUNTRIES} />
        <Place draft={draft} path="timeZone" label="Time zone" among={TIME_ZONES} />
        <Place draft={draft} path="currency" label="Currency" among={CURRENCIES} />
      </div>
      <div class="fields">
        <Lines
          draft={draft}
          path="origins"
          label="Website addresses"
          hint="One per line, such as https://acme.example or https://*.acme.example. Only pages at these addresses get numbers."
        />
        <Lines
          draft={draft}
          path="ignoredReferrers"
          label="Ignored referrers"
          hint="Booking or payment services, one per line. They never count as the source of a visit."
        />
      </div>
    </Card>
  );
}

export function Targets({ draft }: { draft: Draft }) {
  const targets = (draft.get('targets') as object[] | undefined) ?? [];
  return (
    <Card
      title="Business numbers"
      aside={
        <button type="button" onClick={() => draft.set('targets', [...targets, { id: '', number: '' }])}>
          Add a target
        </button>
      }
    >
      {draft.error('targets') && <p class="error">{draft.error('targets')}</p>}
      {targets.map((_, i) => (
        <Target
          key={`${i} of ${targets.length}`}
          draft={draft}
          path={`targets.${i}`}
          onRemove={
            targets.length > 1
              ? () =>
                  draft.set(
                    'targets',
                    targets.filter((_, each) => each !== i),
                  )
              : undefined
          }
        />
      ))}
    </Card>
  );
}

function Target({ draft, path, onRemove }: { draft: Draft; path: string; onRemove: (() => void) | undefined }) {
  const forwarding = `${path}.forwarding`;
  return (
    <fieldset class="stack">
      <legend>{String(draft.get(`${path}.id`) || 'New target')}</legend>
      <div class="fields">
        <Text draft={draft} path={`${path}.id`} label="Id" />
        <Text draft={draft} path={`${path}.number`} label="Number as printed" hint="With country code: +14155550100." />
        <Text draft={draft} path={`${path}.destination`} label="Rings at" hint="Default: the printed number." />
        <Text
          draft={draft}
          path={`${path}.fallback`}
          empty={null}
          label="Fallback number"
          hint="Shown when no number is free. Default: the printed number."
        />
      </div>
      <details>
        <summary>Texts and WhatsApp</summary>
        <div class="stack" style={{ marginTop: '0.8rem' }}>
          <p class="soft">
            Swap links to write to only where your tracking numbers take messages. Texts to a number that doesn’t are
            lost.
          </p>
          <Switch draft={draft} path={`${path}.links.sms`} label="Swap numbers in sms: links" />
          <Switch draft={draft} path={`${path}.links.whatsapp`} label="Swap numbers in WhatsApp links" />
        </div>
      </details>
      <details>
        <summary>Call handling</summary>
        <div class="stack" style={{ marginTop: '0.8rem' }}>
          <div class="fields">
            <Choice
              draft={draft}
              path={`${forwarding}.callerId`}
              label="Caller ID"
              options={[
                ['caller', 'Caller’s number'],
                ['tracking', 'Dialed tracking number'],
              ]}
            />
            <Duration draft={draft} path={`${forwarding}.timeoutSeconds`} label="Ring for" />
            <Text
              draft={draft}
              path={`${forwarding}.whisper`}
              empty={null}
              label="Whisper message"
              hint="Played to the person who answers, such as: Call from {source}."
            />
            <Text draft={draft} path={`${forwarding}.language`} label="Voice language" hint="Such as en-US." />
          </div>
          <Hours draft={draft} path={`${forwarding}.hours`} zone={String(draft.get('timeZone') ?? 'UTC')} />
          <Optional
            draft={draft}
            path={`${forwarding}.overflow`}
            label="If unanswered, ring another phone"
            preset={{ destination: '' }}
          >
            <Text draft={draft} path={`${forwarding}.overflow.destination`} label="Overflow number" />
          </Optional>
          <Optional draft={draft} path={`${forwarding}.voicemail`} label="Voicemail" preset={{}}>
            <Text draft={draft} path={`${forwarding}.voicemail.greeting`} label="Greeting" />
          </Optional>
          <Optional draft={draft} path={`${forwarding}.recording`} label="Record answered calls" preset={{}}>
            <Text
              draft={draft}
              path={`${forwarding}.recording.announcement`}
              empty={null}
              label="Recording announcement"
              hint="Leave empty only if the law doesn’t require an announcement."
            />
          </Optional>
        </div>
      </details>
      {onRemove && (
        <div>
          <button type="button" class="danger" onClick={onRemove}>
            Remove target
          </button>
        </div>
      )}
    </fieldset>
  );
}

function Switch({ draft, path, label }: Omit<At, 'hint'>) {
  return <Check label={label} checked={draft.get(path) === true} onChange={(checked) => draft.set(path, checked)} />;
}

/** A part of the configuration that is there or null. */
function Optional({
  draft,
  path,
  label,
  preset,
  children,
}: Omit<At, 'hint'> & { preset: object; children: preact.ComponentChildren }) {
  const on = draft.get(path) != null;
  return (
    <div class="stack">
      <Check label={label} checked={on} onChange={(checked) => draft.set(path, checked ? preset : null)} />
      {on && <div class="fields">{children}</div>}
    </div>
  );
}

export function Policies({ draft }: { draft: Draft }) {
  return (
    <Card title="Numbers, attribution and privacy">
      <div class="fields">
        <Duration
          draft={draft}
          path="lease.ttlSeconds"
          label="Hold a number for"
          hint="After the visitor’s last activity."
        />
        <Duration
          draft={draft}
          path="lease.cooldownSeconds"
          label="Cooldown"
          hint="Before the number is shown to someone else, so that late calls are still matched."
        />
        <Choice
          draft={draft}
          path="lease.onExhausted"
          label="When no number is free"
          options={[
            ['fallback', 'Show the fallback number'],
            ['share', 'Share a number'],
            ['none', 'Don’t swap'],
          ]}
        />
        <Duration
          draft={draft}
          path="session.timeoutSeconds"
          label="Visit timeout"
          hint="A visit ends after this long without activity."
        />
        <Choice draft={draft} path="attribution.model" label="Attribution model" options={MODEL_OPTIONS} />
        <Amount draft={draft} path="attribution.lookbackDays" label="Lookback window, in days" />
        <Duration
          draft={draft}
          path="values.qualifiedSeconds"
          label="Qualified call length"
          hint="Answered calls at least this long are qualified."
        />
        <Amount
          draft={draft}
          path="values.qualifiedCall"
          empty={null}
          label="Default value of a qualified call"
          hint="Used if a call has no value of its own."
        />
        <Amount
          draft={draft}
          path="values.tagMax"
          empty={null}
          label="Maximum value set by a page"
          hint="Caps the value tag. If empty, values from pages are ignored."
        />
        <Amount
          draft={draft}
          path="limits.newLeasesPerAddressPerHour"
          label="New visits per IP address per hour"
          hint="Protects against bots: visits over the limit see the printed number and aren’t counted. Raise it if many visitors share an office or a mobile carrier."
        />
        <Amount
          draft={draft}
          path="limits.newVisitsPerHour"
          label="New visits per site per hour"
          hint="Default: ten times your usual traffic, at least 30,000."
        />
        <Choice
          draft={draft}
          path="consent"
          label="Consent"
          options={[
            ['implied', 'implied'],
            ['required', 'Required: swap only after consent'],
          ]}
        />
        <Choice
          draft={draft}
          path="callers"
          label="Callers’ numbers"
          options={[
            ['full', 'kept'],
            ['hashed', 'Store hashed'],
          ]}
        />
        <Amount draft={draft} path="retentionDays" label="Data retention, in days" />
        <Lines
          draft={draft}
          path="ownPhones"
          label="Your own phones"
          hint="One per line, with country code. Their calls are test calls: not counted anywhere."
        />
      </div>
      <Optional
        draft={draft}
        path="signedUsers"
        label="Recognize signed-in users on all their devices"
        preset={{ secret: '' }}
      >
        <SecretField
          label="Secret for signing user IDs"
          hint="32 characters or more. Your server signs user IDs with it. It’s never shown: leave empty to keep the current one."
          value={draft.get('signedUsers.secret')}
          error={draft.error('signedUsers.secret')}
          onChange={(secret) => draft.set('signedUsers.secret', secret)}
        />
      </Optional>
    </Card>
  );
}
