import type { ComponentChildren, Ref } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/**
 * A region that scrolls by itself; the keyboard gets there (WCAG 2.1.1) and screen readers announce what it is. Where
 * more lies to the right, its edge fades.
 */
export function ScrollRegion({
  label,
  box,
  tall = false,
  children,
}: {
  label: string;
  box?: Ref<HTMLElement>;
  /** As high as what is in it: it scrolls sideways only. */
  tall?: boolean;
  children: ComponentChildren;
}) {
  const own = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const region = own.current as HTMLElement;
    const look = () => {
      const left = region.scrollWidth - region.clientWidth - region.scrollLeft;
      region.toggleAttribute('data-more', left > 2);
    };
    const observer = new ResizeObserver(look);
    observer.observe(region);
    for (const child of region.children) observer.observe(child);
    region.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      region.removeEventListener('scroll', look);
    };
  }, []);
  return (
    <section
      class={tall ? 'scroll free' : 'scroll'}
      ref={(element) => {
        own.current = element;
        if (typeof box === 'function') box(element);
        else if (box) box.current = element;
      }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without it no key would scroll the region
      tabIndex={0}
      aria-label={label}
    >
      {children}
    </section>
  );
}
