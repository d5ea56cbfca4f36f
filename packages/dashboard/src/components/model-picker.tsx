import type { Model } from '@dialmark/shared';
import { setParams } from '../model/route.ts';
import { useSite } from '../model/site.ts';
import { Select } from './field.tsx';

export const MODELS: Record<Model, string> = {
  last_non_direct: 'Last non-direct click',
  last: 'Last click',
  first: 'First click',
  linear: 'Linear',
  time_decay: 'Time decay',
  position_based: 'Position-based',
  data_driven: 'Data-driven',
};

export const MODEL_OPTIONS = Object.entries(MODELS) as [Model, string][];

/** Returns how credit is shared, kept in the address; the site's own model where it names none. */
export function useModel(params: URLSearchParams): Model {
  const { site } = useSite();
  const asked = params.get('model') as Model | null;
  return asked && asked in MODELS ? asked : (site.attribution?.model ?? 'last_non_direct');
}

export function ModelPicker({ model }: { model: Model }) {
  return (
    <Select
      label="Attribution model"
      value={model}
      options={MODEL_OPTIONS}
      onChange={(chosen) => setParams({ model: chosen })}
    />
  );
}
