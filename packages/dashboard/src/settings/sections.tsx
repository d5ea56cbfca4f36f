import { useState } from 'preact/hooks';
import { CARRIERS, type Carrier } from '../install/carriers.tsx';
import { Card } from '../parts/card.tsx';
import { Check, NumberField, Select, TextArea, TextField } from '../parts/field.tsx';
import { MODEL_OPTIONS } from '../parts/model-picker.tsx';
import { Hours } from './hours.tsx';
import type { Draft } from './settings-page.tsx';

interface At {
  draft: Draft;
  path: string;
  label: string;
  hint?: string;
}

/** Empty is null where that is an answer, else left out so that the default stands. */
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

/** A list as lines. */
function Lines({ draft, path, ...field }: At) {
  const value = (draft.get(path) as string[] | undefined) ?? [];
  const fault = value.map((_, i) => draft.error(`${path}.${i}`)).find(Boolean);
  return (
    <TextArea
      {...field}
      value={value.join('\n')}
      error={draft.error(path) ?? fault}
      onChange={(text) => draft.set(path, text === '' ? [] : text.split('\n'))}
    />
  );
}

export function WhatSite({ draft }: { draft: Draft }) {
  return (
    <Card title="The site">
      <div class="fields">
        <Text draft={draft} path="name" label="Name" />
        <Text draft={draft} path="country" label="Country" hint="Two letters, such as US." />
        <Text draft={draft} path="timeZone" label="Time zone" hint="Such as America/New_York." />
        <Text draft={draft} path="currency" label="Currency" hint="Three letters, such as USD." />
      </div>
      <div class="fields">
        <Lines
          draft={draft}
          path="origins"
          label="Addresses of the website"
          hint="One a line, such as https://acme.example or https://*.acme.example. Only pages there get numbers."
        />
        <Lines
          draft={draft}
          path="ignoredReferrers"
          label="Hosts that visits only pass through"
          hint="Booking or payment services, one a line: never counted as where a visit came from."
        />
      </div>
    </Card>
  );
}

export function Targets({ draft }: { draft: Draft }) {
  const targets = (draft.get('targets') as object[] | undefined) ?? [];
  return (
    <Card
      title="Numbers printed on the site"
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
        <Text draft={draft} path={`${path}.destination`} label="Rings at" hint="Empty: the printed number." />
        <Text
          draft={draft}
          path={`${path}.fallback`}
          empty={null}
          label="When no number is free"
          hint="Empty: the printed number stays."
        />
      </div>
      <details>
        <summary>What happens to a call</summary>
        <div class="stack" style={{ marginTop: '0.8rem' }}>
          <div class="fields">
            <Choice
              draft={draft}
              path={`${forwarding}.callerId`}
              label="The called phone shows"
              options={[
                ['caller', 'the caller’s number'],
                ['tracking', 'the number that was dialled'],
              ]}
            />
            <Amount draft={draft} path={`${forwarding}.timeoutSeconds`} label="Rings for seconds" />
            <Text
              draft={draft}
              path={`${forwarding}.whisper`}
              empty={null}
              label="Whispered before the call"
              hint="Such as: Call from {source}."
            />
            <Text
              draft={draft}
              path={`${forwarding}.language`}
              label="Language of what is read"
              hint="Such as en-US."
            />
          </div>
          <Hours draft={draft} path={`${forwarding}.hours`} zone={String(draft.get('timeZone') ?? 'UTC')} />
          <Optional
            draft={draft}
            path={`${forwarding}.overflow`}
            label="Then ring another phone"
            preset={{ destination: '' }}
          >
            <Text draft={draft} path={`${forwarding}.overflow.destination`} label="Rings next at" />
          </Optional>
          <Optional draft={draft} path={`${forwarding}.voicemail`} label="Then take a message" preset={{}}>
            <Text draft={draft} path={`${forwarding}.voicemail.greeting`} label="Greeting" />
          </Optional>
          <Optional draft={draft} path={`${forwarding}.recording`} label="Record answered calls" preset={{}}>
            <Text
              draft={draft}
              path={`${forwarding}.recording.announcement`}
              empty={null}
              label="Announced to the caller first"
              hint="Empty only where the law asks for no announcement."
            />
          </Optional>
        </div>
      </details>
      {onRemove && (
        <div>
          <button type="button" class="danger" onClick={onRemove}>
            Remove this target
          </button>
        </div>
      )}
    </fieldset>
  );
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
        <Amount
          draft={draft}
          path="lease.ttlSeconds"
          label="A number is held for seconds"
          hint="After the last activity."
        />
        <Amount
          draft={draft}
          path="lease.cooldownSeconds"
          label="Then rests for seconds"
          hint="Late calls still find their visit."
        />
        <Choice
          draft={draft}
          path="lease.onExhausted"
          label="When the pool is used up"
          options={[
            ['fallback', 'the fallback number'],
            ['share', 'share a number'],
            ['none', 'no swap'],
          ]}
        />
        <Amount
          draft={draft}
          path="session.timeoutSeconds"
          label="A visit ends after seconds"
          hint="Without activity."
        />
        <Choice draft={draft} path="attribution.model" label="Credit goes to" options={MODEL_OPTIONS} />
        <Amount draft={draft} path="attribution.lookbackDays" label="Looking back so many days" />
        <Amount draft={draft} path="values.qualifiedSeconds" label="Qualified from seconds" />
        <Amount
          draft={draft}
          path="values.qualifiedCall"
          empty={null}
          label="A qualified call is worth"
          hint="Where it has no value of its own."
        />
        <Amount draft={draft} path="limits.newLeasesPerAddressPerHour" label="New numbers per address and hour" />
        <Choice
          draft={draft}
          path="consent"
          label="Consent"
          options={[
            ['implied', 'implied'],
            ['required', 'asked for: pool numbers only after it'],
          ]}
        />
        <Choice
          draft={draft}
          path="callers"
          label="Callers’ numbers"
          options={[
            ['full', 'kept'],
            ['hashed', 'kept only as a hash'],
          ]}
        />
        <Amount draft={draft} path="retentionDays" label="Everything is kept for days" />
      </div>
    </Card>
  );
}

const SECRETS: Record<Carrier, [name: string, label: string][]> = {
  twilio: [['authToken', 'Auth token']],
  telnyx: [
    ['publicKey', 'Public key'],
    ['apiKey', 'API key (only for Call Control)'],
  ],
  plivo: [['authToken', 'Auth token']],
  vonage: [
    ['signatureSecret', 'Signature secret'],
    ['apiKey', 'API key'],
  ],
  signalwire: [['signingKey', 'Signing key']],
  bandwidth: [
    ['username', 'User name'],
    ['password', 'Password'],
  ],
};

/** Written and never read: what is stored shows as such, and stays until it is replaced or removed. */
export function CarrierSecrets({ draft }: { draft: Draft }) {
  const [open, setOpen] = useState<Carrier | null>(null);
  return (
    <Card title="Carriers">
      <ul class="steps">
        {(Object.keys(CARRIERS) as Carrier[]).map((carrier) => {
          const stored = draft.get(`carriers.${carrier}`) as { configured?: true } | null | undefined;
          const path = `carriers.${carrier}`;
          return (
            <li key={carrier} class="two">
              <span>
                <strong>{CARRIERS[carrier]}</strong>{' '}
                {stored?.configured ? (
                  <span class="badge good">secret is set</span>
                ) : (
                  stored === null && <span class="badge warn">removed when saved</span>
                )}
              </span>
              <span class="actions">
                <button
                  type="button"
                  aria-expanded={open === carrier}
                  onClick={() => setOpen(open === carrier ? null : carrier)}
                >
                  {stored?.configured ? 'Replace' : 'Set up'}
                  <span class="hidden"> {CARRIERS[carrier]}</span>
                </button>
                {stored?.configured && (
                  <button type="button" class="danger" onClick={() => draft.set(path, null)}>
                    Remove<span class="hidden"> {CARRIERS[carrier]}</span>
                  </button>
                )}
              </span>
              {open === carrier && (
                <div class="fields" style={{ gridColumn: '1 / -1' }}>
                  {SECRETS[carrier].map(([name, label]) => (
                    <TextField
                      key={name}
                      label={label}
                      type="password"
                      autocomplete="off"
                      value={String((stored as Record<string, unknown> | null | undefined)?.[name] ?? '')}
                      error={draft.error(`${path}.${name}`) ?? draft.error(path)}
                      onChange={(secret) => {
                        const { configured: _, ...others } = (stored ?? {}) as Record<string, unknown>;
                        draft.set(path, { ...others, [name]: secret });
                      }}
                    />
                  ))}
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
