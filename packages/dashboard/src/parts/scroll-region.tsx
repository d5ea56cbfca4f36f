import type { ComponentChildren, Ref } from 'preact';

/** What scrolls by itself; the keyboard gets there (WCAG 2.1.1) and screen readers are told what it is. */
export function ScrollRegion({
  label,
  box,
  children,
}: {
  label: string;
  box?: Ref<HTMLElement>;
  children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it no key would scroll the region
    <section class="scroll" ref={box ?? null} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
