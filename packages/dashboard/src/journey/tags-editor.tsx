import { useState } from 'preact/hooks';
import { TextField } from '../components/field.tsx';
import { Icon } from '../components/icon.tsx';

/** Tags of a call by name. `onChange` gets only what changes; null removes (RFC 7396). */
export function TagsEditor({
  tags,
  onChange,
}: {
  tags: Record<string, unknown>;
  onChange: (changes: Record<string, unknown>) => void;
}) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const add = (event: Event) => {
    event.preventDefault();
    onChange({ [name.trim()]: value.trim() });
    setName('');
    setValue('');
  };
  return (
    <form class="stack tags" onSubmit={add}>
      <h3>Tags</h3>
      {Object.keys(tags).length > 0 && (
        <ul class="actions">
          {Object.entries(tags).map(([key, tag]) => (
            <li key={key}>
              <button type="button" aria-label={`Remove tag ${key}`} onClick={() => onChange({ [key]: null })}>
                {key}: {typeof tag === 'string' ? tag : JSON.stringify(tag)} <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="beside">
        <TextField label="Tag name" value={name} onChange={setName} placeholder="outcome" />
        <TextField label="Tag value" value={value} onChange={setValue} placeholder="booked" />
        <button type="submit" disabled={name.trim() === '' || value.trim() === ''}>
          Add tag
        </button>
      </div>
    </form>
  );
}
