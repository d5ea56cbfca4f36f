import type { OpeningHours, Weekday } from '@dialmark/shared/wire/forwarding';
import { Check, Select, TextArea, TextField } from '../components/field.tsx';
import type { Draft } from './draft.ts';

const DAYS: readonly (readonly [Weekday, string])[] = [
  ['mon', 'Monday'],
  ['tue', 'Tuesday'],
  ['wed', 'Wednesday'],
  ['thu', 'Thursday'],
  ['fri', 'Friday'],
  ['sat', 'Saturday'],
  ['sun', 'Sunday'],
];
const OFFICE: OpeningHours = { days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '09:00', to: '17:00' };
const CLOSED = 'Our office is closed. Please call again during opening hours.';

/** When a target is open, and what callers get at other times. */
export function Hours({ draft, path, zone }: { draft: Draft; path: string; zone: string }) {
  const on = draft.get(path) != null;
  const open = (draft.get(`${path}.open`) as OpeningHours[] | undefined) ?? [];
  const kind = String(draft.get(`${path}.whenClosed.kind`) ?? 'message');
  const closedOn = (draft.get(`${path}.closedOn`) as string[] | undefined) ?? [];
  const preset = { open: [OFFICE], closedOn: [], whenClosed: { kind: 'message', message: CLOSED } };
  return (
    <div class="stack">
      <Check label="Use business hours" checked={on} onChange={(checked) => draft.set(path, checked ? preset : null)} />
      {on && (
        <>
          {draft.error(`${path}.open`) && <p class="error">{draft.error(`${path}.open`)}</p>}
          {open.map((_, i) => (
            <Span
              key={`${i} of ${open.length}`}
              draft={draft}
              path={`${path}.open.${i}`}
              nth={i + 1}
              onRemove={() =>
                draft.set(
                  `${path}.open`,
                  open.filter((_, each) => each !== i),
                )
              }
            />
          ))}
          <div class="actions">
            <button
              type="button"
              onClick={() => draft.set(`${path}.open`, [...open, { ...OFFICE, days: ['sat'], to: '13:00' }])}
            >
              Add hours
            </button>
            <span class="soft">Times are in {zone}. Hours that end before they start run past midnight.</span>
          </div>
          <div class="fields">
            <Select
              label="After hours"
              value={kind}
              options={[
                ['message', 'Play a message and hang up'],
                ['voicemail', 'Take a message'],
                ['destination', 'Ring another phone'],
              ]}
              onChange={(chosen) =>
                draft.set(
                  `${path}.whenClosed`,
                  chosen === 'message'
                    ? { kind: chosen, message: CLOSED }
                    : chosen === 'destination'
                      ? { kind: chosen, destination: '' }
                      : { kind: chosen },
                )
              }
            />
            {kind === 'message' && (
              <TextField
                label="Message"
                value={String(draft.get(`${path}.whenClosed.message`) ?? '')}
                error={draft.error(`${path}.whenClosed.message`)}
                onChange={(text) => draft.set(`${path}.whenClosed.message`, text)}
              />
            )}
            {kind === 'destination' && (
              <TextField
                label="Rings at"
                hint="With country code: +14155550100."
                value={String(draft.get(`${path}.whenClosed.destination`) ?? '')}
                error={draft.error(`${path}.whenClosed.destination`)}
                onChange={(text) => draft.set(`${path}.whenClosed.destination`, text)}
              />
            )}
            <TextArea
              label="Closed on"
              hint="Holidays, one per line: 2026-12-25."
              value={closedOn.join('\n')}
              error={
                draft.error(`${path}.closedOn`) ??
                closedOn.map((_, i) => draft.error(`${path}.closedOn.${i}`)).find(Boolean)
              }
              onChange={(text) => draft.set(`${path}.closedOn`, text === '' ? [] : text.split('\n'))}
            />
          </div>
        </>
      )}
    </div>
  );
}

/** The same hours on several days. */
function Span({ draft, path, nth, onRemove }: { draft: Draft; path: string; nth: number; onRemove: () => void }) {
  const days = (draft.get(`${path}.days`) as Weekday[] | undefined) ?? [];
  return (
    <fieldset class="bare span">
      <legend class="hidden">Hours {nth}</legend>
      <div class="actions">
        {DAYS.map(([id, name]) => (
          <Check
            key={id}
            label={name.slice(0, 3)}
            checked={days.includes(id)}
            onChange={(checked) =>
              draft.set(
                `${path}.days`,
                DAYS.map(([each]) => each).filter((each) => (each === id ? checked : days.includes(each))),
              )
            }
          />
        ))}
      </div>
      {draft.error(`${path}.days`) && <p class="error">Choose at least one day.</p>}
      <div class="controls">
        <TextField
          label="From"
          type="time"
          value={String(draft.get(`${path}.from`) ?? '')}
          error={draft.error(`${path}.from`)}
          onChange={(text) => draft.set(`${path}.from`, text)}
        />
        <TextField
          label="To"
          type="time"
          // A time input cannot show 24:00.
          value={String(draft.get(`${path}.to`) ?? '').replace('24:00', '00:00')}
          error={draft.error(`${path}.to`)}
          onChange={(text) => draft.set(`${path}.to`, text === '00:00' ? '24:00' : text)}
        />
        <button type="button" class="danger" onClick={onRemove}>
          Remove<span class="hidden"> hours {nth}</span>
        </button>
      </div>
    </fieldset>
  );
}
