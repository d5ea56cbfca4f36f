import type { Model } from '@dialmark/shared';
import { setParams } from '../model/route.ts';
import { useSite } from '../model/site.ts';
import { Select } from './field.tsx';

export const MODELS: Record<Model, string> = {
  last_non_direct: 'Last touch that is not direct',
  last: 'Last touch',
  first: 'First touch',
  linear: 'Linear: all touches alike',
  time_decay: 'Time decay: later touches more',
  position_based: 'Position: first and last most',
  data_driven: 'Data-driven: by what it changes',
};

export const MODEL_OPTIONS = Object.entries(MODELS) as [Model, string][];

/** How credit is shared, kept in the address; the site's own model where it names none. */
export function useModel(params: URLSearchParams): Model {
  const { site } = useSite();
  const asked = params.get('model') as Model | null;
  return asked && asked in MODELS ? asked : (site.attribution?.model ?? 'last_non_direct');
}

export function ModelPicker({ model }: { model: Model }) {
  return (
    <Select
      label="Credit goes to"
      value={model}
      options={MODEL_OPTIONS}
      onChange={(chosen) => setParams({ model: chosen })}
    />
  );
}
