import { createStaticVNode, defineComponent, h, ref } from 'vue';

/** The same page as the React one. */
export const App = defineComponent(() => {
  const count = ref(0);
  const items = ref(['a', 'b', 'c']);
  const open = ref(true);
  return () =>
    h('main', [
      h('p', { id: 'pieces' }, ['Call ', '415-555-0100', ' now (', String(count.value), ')']),
      h('p', { id: 'whole' }, `Call 415-555-0100, ${count.value} times`),
      h('p', { id: 'plain' }, '(415) 555-0100'),
      h('a', { id: 'link', href: 'tel:+14155550100' }, '+1 415 555 0100'),
      h('div', { id: 'raw', innerHTML: '<b>415.555.0100</b>' }),
      h('p', { id: 'suspense' }, [createStaticVNode('<b>415 555 0100</b>', 1)]),
      h(
        'ul',
        items.value.map((item) => h('li', { key: item }, `${item}: 415-555-0100`)),
      ),
      h('button', { id: 'count', onClick: () => count.value++ }, 'count'),
      h('button', { id: 'turn', onClick: () => items.value.reverse() }, 'turn'),
      h(
        'button',
        {
          id: 'toggle',
          onClick: () => {
            open.value = !open.value;
          },
        },
        'toggle',
      ),
      open.value ? h('section', { id: 'section' }, [h('i', '415-555-0100')]) : null,
      h('input', { id: 'typed' }),
    ]);
});
