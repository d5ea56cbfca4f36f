import { decodeText } from '@dialmark/shared/table/encoding';
import type { ComponentChildren, JSX } from 'preact';
import { useId, useState } from 'preact/hooks';

interface Framed {
  label: string;
  /** Under the field, always. */
  hint?: ComponentChildren;
  /** The error in its value. */
  error?: string | undefined;
}

/** Ties label, hint and error to a control. */
function Frame({
  label,
  hint,
  error,
  children,
}: Framed & {
  children: (tie: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ComponentChildren;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        ...(described ? { 'aria-describedby': described } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {hint && (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      )}
      {error && (
        <small id={`${id}-error`} class="error">
          {error}
        </small>
      )}
    </div>
  );
}

type InputProps = Omit<JSX.IntrinsicElements['input'], 'label' | 'onChange' | 'value'>;

/** A file of text, read as soon as it is chosen. */
export function TextFile({ label, hint, accept, onText }: Framed & { accept: string; onText: (text: string) => void }) {
  return (
    <Frame label={label} hint={hint}>
      {(tie) => (
        <input
          type="file"
          accept={accept}
          {...tie}
          onChange={async (event) => {
            const file = event.currentTarget.files?.[0];
            onText(file ? decodeText(new Uint8Array(await file.arrayBuffer())) : '');
          }}
        />
      )}
    </Frame>
  );
}

export function TextField({
  label,
  hint,
  error,
  value,
  onChange,
  ...input
}: Framed & InputProps & { value: string; onChange: (value: string) => void }) {
  return (
    <Frame label={label} hint={hint} error={error}>
      {(tie) => (
        <input type="text" {...input} {...tie} value={value} onInput={(e) => onChange(e.currentTarget.value)} />
      )}
    </Frame>
  );
}

/** A secret, which can be written and never read: empty keeps the one that is set. */
export function SecretField({
  value,
  onChange,
  ...rest
}: Framed & { value: unknown; onChange: (value: string | { configured: true }) => void }) {
  const isSet = typeof value === 'object' && value !== null;
  return (
    <TextField
      {...rest}
      type="password"
      autoComplete="new-password"
      placeholder={isSet ? '••••••••' : ''}
      value={typeof value === 'string' ? value : ''}
      onChange={(text) => onChange(text.trim() || { configured: true })}
    />
  );
}

/** Returns the value of a number field. It may not be a number while someone is typing. */
function useNumberText(value: number | null, onChange: (value: number | null) => void, unit = 1) {
  const read = (text: string) => (text.trim() === '' ? null : Number(text.replace(',', '.')) * unit);
  const shown = value === null ? '' : String(value / unit);
  const [typed, setTyped] = useState(shown);
  const text = Object.is(read(typed), value) ? typed : shown;
  return {
    text,
    write: (next: string) => {
      setTyped(next);
      onChange(read(next));
    },
  };
}

/** Null if it is left empty. */
export function NumberField({
  value,
  onChange,
  ...rest
}: Framed & InputProps & { value: number | null; onChange: (value: number | null) => void }) {
  const { text, write } = useNumberText(value, onChange);
  return <TextField {...rest} inputMode="decimal" value={text} onChange={write} />;
}

const UNITS = [
  [86_400, 'days', 'day'],
  [3600, 'hours', 'hour'],
  [60, 'minutes', 'minute'],
  [1, 'seconds', 'second'],
] as const;
const unitOf = (seconds: number) => UNITS.find(([each]) => seconds % each === 0) ?? UNITS[3];

/** Seconds in the largest unit that they are whole in: `1 hour`. */
export function inUnits(seconds: number): string {
  const [unit, many, one] = unitOf(seconds || 1);
  return `${seconds / unit} ${seconds === unit ? one : many}`;
}

/** A stretch of time in whole seconds, written in the unit that suits it. Null if it is left empty. */
export function DurationField({
  label,
  hint,
  error,
  value,
  preset = 60,
  onChange,
}: Framed & {
  value: number | null;
  /** The value, in seconds, whose unit an empty field shows. */
  preset?: number;
  onChange: (value: number | null) => void;
}) {
  const [unit, setUnit] = useState<number>(unitOf(value || preset)[0]);
  const { text, write } = useNumberText(value, onChange, unit);
  return (
    // The API names bounds in seconds.
    <Frame label={label} hint={hint} error={error?.replace(/\d+/, (seconds) => inUnits(Number(seconds)))}>
      {(tie) => (
        <span class="amount-unit">
          <input type="text" inputMode="decimal" {...tie} value={text} onInput={(e) => write(e.currentTarget.value)} />
          <select
            aria-label={`${label}: unit`}
            value={unit}
            onChange={(e) => {
              const next = Number(e.currentTarget.value);
              setUnit(next);
              if (value !== null) onChange((value / unit) * next);
            }}
          >
            {UNITS.map(([each, many]) => (
              <option key={each} value={each}>
                {many}
              </option>
            ))}
          </select>
        </span>
      )}
    </Frame>
  );
}

export function TextArea({
  label,
  hint,
  error,
  value,
  onChange,
  rows = 3,
}: Framed & { value: string; onChange: (value: string) => void; rows?: number }) {
  return (
    <Frame label={label} hint={hint} error={error}>
      {(tie) => <textarea {...tie} rows={rows} value={value} onInput={(e) => onChange(e.currentTarget.value)} />}
    </Frame>
  );
}

export function Select<T extends string>({
  label,
  hint,
  error,
  value,
  options = [],
  groups = [],
  onChange,
}: Framed & {
  value: T;
  options?: Options<T>;
  /** Further options under a heading each. */
  groups?: readonly (readonly [heading: string, options: Options<T>])[];
  onChange: (value: T) => void;
}) {
  const listed = (some: Options<T>) =>
    some.map(([key, text]) => (
      <option key={key} value={key}>
        {text}
      </option>
    ));
  return (
    <Frame label={label} hint={hint} error={error}>
      {(tie) => (
        <select {...tie} value={value} onChange={(e) => onChange(e.currentTarget.value as T)}>
          {listed(options)}
          {groups.map(([heading, some]) => (
            <optgroup key={heading} label={heading}>
              {listed(some)}
            </optgroup>
          ))}
        </select>
      )}
    </Frame>
  );
}

type Options<T> = readonly (readonly [value: T, text: string])[];

export function Check({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(e) => onChange(e.currentTarget.checked)} /> {label}
    </label>
  );
}
