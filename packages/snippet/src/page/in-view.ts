import type { Running } from '../running.ts';
import type { Sight } from './scanner.ts';

/** Notes which targets were seen: on the page, or in view where the site wants that. */
export function createOnSeen({ options, seen, requestNumbers }: Running, signal: AbortSignal): Sight['onSeen'] {
  if (options.lease !== 'visible') return (target) => seen.add(target);
  const targetOf = new WeakMap<Element, string>();
  const inView = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) seen.add(targetOf.get(target) as string);
    requestNumbers();
  });
  signal.addEventListener('abort', () => inView.disconnect());
  return (target, element) => {
    if (element) {
      targetOf.set(element, target);
      inView.observe(element);
    } else seen.add(target);
  };
}
