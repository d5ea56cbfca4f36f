import type { Dimension, Model, ReportRow } from '@dialmark/shared';
import { ORIGINS } from '../calls/narrowing.ts';
import { useNumberNames } from '../calls/use-number-names.ts';
import { useModel } from '../components/model-picker.tsx';
import { phone } from '../model/format.ts';
import type { Period } from '../model/period.ts';
import { hrefOf, type Params, useRoute } from '../model/route.ts';
import { useSite } from '../model/site.ts';

/** `(none)`, `(unattributed)`, `(other)`: what is left over, and no value of the dimension. */
export const isRest = (key: string) => ['(none)', '(unattributed)', '(other)'].includes(key);

/** Sorts what is left over last, whatever it amounts to. */
export const restLast = (rows: readonly ReportRow[]): ReportRow[] => [
  ...rows.filter(({ key }) => !isRest(key)),
  ...rows.filter(({ key }) => isRest(key)),
];

/** Returns the filters that make the call list show the calls behind a key; null if no filters can. */
function callsFilter(dimension: Dimension, key: string, model: Model, period: Period): Params | null {
  if (key === '(other)') return null;
  if (dimension === 'day') return { from: key, to: key };
  if (ORIGINS.some((origin) => origin === dimension)) return { ...period, [dimension]: key, model };
  return dimension === 'target' || dimension === 'number' ? { ...period, [dimension]: key } : null;
}

/** A key as people read it; it leads to its calls where it has any that can be listed. */
export function Key({ dimension, row, period }: { dimension: Dimension; row: ReportRow; period: Period }) {
  const { site } = useSite();
  const model = useModel(useRoute().params);
  const names = useNumberNames(site.id);
  const { key, calls } = row;
  const text = dimension === 'number' ? phone(key, site.country) : key;
  const filter = calls > 0 ? callsFilter(dimension, key, model, period) : null;
  const name = dimension === 'number' ? names.get(key) : undefined;
  return (
    <span class={`report-key ${isRest(key) ? 'soft' : ''} ${dimension === 'number' ? 'whole' : ''}`} title={text}>
      {filter ? <a href={hrefOf(site.id, 'calls', undefined, filter)}>{text}</a> : text}
      {name && <span class="sub"> {name}</span>}
    </span>
  );
}
