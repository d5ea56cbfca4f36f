import type { Operation } from '@dialmark/shared';
import { type Arguments, DialmarkError } from '@dialmark/shared/client';
import { useState } from 'preact/hooks';
import { client } from '../model/api.ts';
import { count } from '../model/format.ts';
import { Problem } from './feedback.tsx';
import { Icon } from './icon.tsx';

/** Every page of an answer as CSV, in one file; it says how far it has come. */
export function CsvDownload<const O extends Operation>({
  operation,
  given,
  name,
}: {
  operation: O;
  given: Arguments<O>;
  name: string;
}) {
  const [lines, setLines] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const download = async () => {
    setError(null);
    setLines(0);
    try {
      const parts: string[] = [];
      let rows = 0;
      let cursor: string | undefined;
      do {
        const query = { ...(given.query as object | undefined), ...(cursor ? { cursor } : {}) };
        const response = await client.send(operation, {
          ...given,
          query,
          headers: { Accept: 'text/csv' },
        } as unknown as Arguments<O>);
        if (!response.ok) throw new DialmarkError(await response.json());
        const text = await response.text();
        const head = text.indexOf('\n') + 1;
        // Only the first page's heading stays.
        parts.push(cursor ? text.slice(head) : text);
        rows += text.slice(head).split('\n').length - 1;
        setLines(rows);
        cursor = nextCursor(response.headers.get('Link'));
      } while (cursor);
      save(new Blob(parts, { type: 'text/csv' }), name);
    } catch (failed) {
      setError(failed);
    }
    setLines(null);
  };
  return (
    <>
      <button type="button" onClick={download} disabled={lines !== null}>
        <Icon name="download" /> {lines === null ? 'CSV' : `${count(lines)} rows…`}
      </button>
      {error !== null && <Problem error={error} />}
    </>
  );
}

/** RFC 8288: `<…?cursor=…>; rel="next"`. */
function nextCursor(link: string | null): string | undefined {
  const address = /<([^>]+)>;\s*rel="next"/.exec(link ?? '')?.[1];
  return address ? (new URL(address, location.origin).searchParams.get('cursor') ?? undefined) : undefined;
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
