import type { Dimension, ReportRow } from '@dialmark/shared';
import { useNumberNames } from '../calls/use-number-names.ts';
import { phone } from '../format.ts';
import type { Period } from '../period.ts';
import { hrefOf, type Params } from '../route.ts';
import { useSite } from '../site.ts';

/** `(none)`, `(unattributed)`, `(other)`: what is left over, and no value of the dimension. */
export const isRest = (key: string) => /^\(.*\)$/.test(key);

/** What is left over comes last, whatever it amounts to. */
export const restLast = (rows: readonly ReportRow[]): ReportRow[] => [
  ...rows.filter(({ key }) => !isRest(key)),
  ...rows.filter(({ key }) => isRest(key)),
];

/** What the list of calls is narrowed by to show those behind a key; null where it cannot be. */
function callsFilter(dimension: Dimension, key: string, period: Period): Params | null {
  if (isRest(key)) return null;
  const common = { ...period, spam: 'false' };
  switch (dimension) {
    case 'channel':
    case 'source':
    case 'medium':
    case 'campaign':
    case 'target':
    case 'number':
      return { ...common, [dimension]: key };
    case 'day':
      return { ...common, from: key, to: key };
    default:
      return null;
  }
}

/** A key as people read it; it leads to its calls where it has any that can be listed. */
export function Key({ dimension, row, period }: { dimension: Dimension; row: ReportRow; period: Period }) {
  const { site } = useSite();
  const names = useNumberNames(site.id);
  const { key, calls } = row;
  const text = dimension === 'number' ? phone(key, site.country) : key;
  const filter = calls > 0 ? callsFilter(dimension, key, period) : null;
  const name = dimension === 'number' ? names.get(key) : undefined;
  return (
    <span class={`report-key ${isRest(key) ? 'soft' : ''} ${dimension === 'number' ? 'whole' : ''}`} title={text}>
      {filter ? <a href={hrefOf(site.id, 'calls', undefined, filter)}>{text}</a> : text}
      {name && <span class="sub"> {name}</span>}
    </span>
  );
}
