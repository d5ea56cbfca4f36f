import { createElement as h, Suspense, useState } from 'react';

/** A page as React apps have them: texts in pieces, a list with keys, a part that comes and goes. */
export function App() {
  const [count, setCount] = useState(0);
  const [items, setItems] = useState(['a', 'b', 'c']);
  const [open, setOpen] = useState(true);
  return h(
    'main',
    null,
    h('p', { id: 'pieces' }, 'Call ', '415-555-0100', ' now (', count, ')'),
    h('p', { id: 'whole' }, `Call 415-555-0100, ${count} times`),
    h('p', { id: 'plain' }, '(415) 555-0100'),
    h('a', { id: 'link', href: 'tel:+14155550100' }, '+1 415 555 0100'),
    // biome-ignore lint/security/noDangerouslySetInnerHtml: pages have such HTML, and it is what this page tests
    h('div', { id: 'raw', dangerouslySetInnerHTML: { __html: '<b>415.555.0100</b>' } }),
    h(Suspense, { fallback: 'wait' }, h('p', { id: 'suspense' }, '415 555 0100')),
    h('ul', null, ...items.map((item) => h('li', { key: item }, item, ': 415-555-0100'))),
    h('button', { type: 'button', id: 'count', onClick: () => setCount(count + 1) }, 'count'),
    h('button', { type: 'button', id: 'turn', onClick: () => setItems([...items].reverse()) }, 'turn'),
    h('button', { type: 'button', id: 'toggle', onClick: () => setOpen(!open) }, 'toggle'),
    open && h('section', { id: 'section' }, h('i', null, '415-555-0100')),
    h('input', { id: 'typed' }),
  );
}
