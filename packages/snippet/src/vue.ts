import { onBeforeUnmount, onMounted, type ShallowRef, shallowRef } from 'vue';
import type { Dialmark, Shown } from './api.ts';

/**
 * The number of a target as a ref, null until the component is mounted and a number is known.
 *
 * @example
 * const number = useDialmark(dialmark, 'main'); // in the template: {{ number?.national ?? '(415) 555-0100' }}
 */
export function useDialmark(dialmark: Dialmark, target: string): Readonly<ShallowRef<Shown | null>> {
  const number = shallowRef<Shown | null>(null);
  const update = () => {
    number.value = dialmark.number(target);
  };
  let stop: (() => void) | undefined;
  onMounted(() => {
    update();
    stop = dialmark.on('number', update);
  });
  onBeforeUnmount(() => stop?.());
  return number;
}
