import { useState } from 'preact/hooks';

/** Text to paste into another program. */
export function Copyable({ text, label }: { text: string; label: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div class="copy">
      <pre>{text}</pre>
      <button type="button" onClick={copy} aria-label={`Copy ${label}`}>
        <span role="status">{copied ? 'Copied' : 'Copy'}</span>
      </button>
    </div>
  );
}
