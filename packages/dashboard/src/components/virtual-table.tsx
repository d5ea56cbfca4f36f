import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ScrollRegion } from './scroll-region.tsx';

export interface Column<T> {
  title: string;
  cell: (row: T) => ComponentChildren;
  /** `wide`: left out on a tablet and on a phone, `mid`: on a phone; `lead`: given its room; `number`: to the right. */
  kind?: 'wide' | 'mid' | 'lead' | 'number';
  /** CSS width in the fixed layout. */
  width?: string;
}

/** Rows drawn beyond what is in sight, so that quick scrolling shows no gaps. */
const OVERSCAN = 8;

/**
 * A table of rows of one height of which only those in sight are in the document, so that ten thousand cost what forty
 * do. Screen readers get the full count and each row's place.
 */
export function VirtualTable<T>({
  caption,
  rows,
  columns,
  keyOf,
  rowHeight,
  more,
  rowClass,
  flows = false,
}: {
  caption: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  keyOf: (row: T) => string;
  rowHeight: number;
  /** Asks for further rows; left out where there are none. */
  more?: (() => void) | undefined;
  rowClass?: (row: T) => string;
  /** True if it is as long as its rows and scrolls with the page. */
  flows?: boolean;
}) {
  const box = useRef<HTMLElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });
  useEffect(() => {
    const element = box.current as HTMLElement;
    const look = () => {
      const { top, bottom } = element.getBoundingClientRect();
      const seen = {
        top: element.scrollTop + Math.max(0, -top),
        height: Math.max(0, Math.min(bottom, innerHeight) - Math.max(0, top)),
      };
      setView((view) => (view.top === seen.top && view.height === seen.height ? view : seen));
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    // Also what scrolls around it; scroll events do not bubble.
    addEventListener('scroll', look, { passive: true, capture: true });
    addEventListener('resize', look);
    look();
    return () => {
      observer.disconnect();
      removeEventListener('scroll', look, { capture: true });
      removeEventListener('resize', look);
    };
  }, []);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - OVERSCAN);
  const end = Math.min(rows.length, Math.ceil((view.top + view.height) / rowHeight) + OVERSCAN);
  const nearEnd = end >= rows.length - OVERSCAN;
  useEffect(() => {
    if (nearEnd) more?.();
  }, [nearEnd, more]);

  const table = (
    <table aria-rowcount={more ? -1 : rows.length + 1} class="virtual">
      <caption class="hidden">{caption}</caption>
      <colgroup>
        {columns.map(({ title, kind, width }) => (
          <col key={title} class={kind ?? ''} style={width ? { width } : {}} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map(({ title, kind }) => (
            <th key={title} scope="col" class={kind ?? ''}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {first > 0 && <Gap height={first * rowHeight} />}
        {rows.slice(first, end).map((row, i) => (
          <tr
            key={keyOf(row)}
            aria-rowindex={first + i + 2}
            style={{ height: `${rowHeight}px` }}
            class={rowClass?.(row) ?? ''}
          >
            {columns.map(({ title, cell, kind }) => (
              <td key={title} class={kind ?? ''}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
        {end < rows.length && <Gap height={(rows.length - end) * rowHeight} />}
      </tbody>
    </table>
  );
  return flows ? (
    <section class="scroll flows" ref={box} aria-label={caption}>
      {table}
    </section>
  ) : (
    <ScrollRegion label={caption} box={box}>
      {table}
    </ScrollRegion>
  );
}

/** The height of the rows that are not drawn. */
function Gap({ height }: { height: number }) {
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus
  return <tr aria-hidden="true" style={{ height: `${height}px` }} />;
}
