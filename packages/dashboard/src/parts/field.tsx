import type { ComponentChildren, JSX } from 'preact';
import { useId } from 'preact/hooks';

interface Framed {
  label: string;
  /** Under the field, always. */
  hint?: ComponentChildren;
  /** What is wrong with what stands in it. */
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
          onChange={async (event) => onText((await event.currentTarget.files?.[0]?.text()) ?? '')}
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

/** Null where it is left empty. */
export function NumberField({
  value,
  onChange,
  ...rest
}: Framed & InputProps & { value: number | null; onChange: (value: number | null) => void }) {
  return (
    <TextField
      {...rest}
      inputMode="decimal"
      value={value === null ? '' : String(value)}
      onChange={(text) => onChange(text.trim() === '' ? null : Number(text.replace(',', '.')))}
    />
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
  options,
  onChange,
}: Framed & { value: T; options: readonly (readonly [value: T, text: string])[]; onChange: (value: T) => void }) {
  return (
    <Frame label={label} hint={hint} error={error}>
      {(tie) => (
        <select {...tie} value={value} onChange={(e) => onChange(e.currentTarget.value as T)}>
          {options.map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Frame>
  );
}

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
