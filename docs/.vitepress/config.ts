import { tex } from '@mdit/plugin-tex';
import temml from 'temml';
import { defineConfig } from 'vitepress';
import repository from '../../package.json' with { type: 'json' };
import { emptyHeaderCells } from './empty-header-cells.ts';
import { sidebar } from './sidebar.ts';
import { slugify } from './slug.ts';
import { sourceLinks } from './source-links.ts';

export default defineConfig({
  title: 'Dialmark',
  description: 'Open-source call attribution: which ad, keyword, page or visit made the phone ring.',
  lang: 'en-US',
  base: '/docs/',
  cleanUrls: true,
  // Code hosts show a folder's README; a website shows its index.
  rewrites: (file) => file.replace(/(^|\/)README\.md$/, '$1index.md'),
  head: [
    ['link', { rel: 'icon', href: '/docs/mark.svg', type: 'image/svg+xml' }],
    // The front page is served at /docs as well, which the router would take for a page outside its base.
    [
      'script',
      {},
      "if (location.pathname === '/docs') history.replaceState(null, '', '/docs/' + location.search + location.hash)",
    ],
  ],
  markdown: {
    anchor: { slugify },
    toc: { slugify },
    headers: { slugify },
    config(md) {
      // `$…$` and `$$…$$` become MathML, which browsers draw without a script.
      md.use(tex, {
        delimiters: 'dollars',
        render: (source, displayMode) => temml.renderToString(source, { displayMode }),
      });
      md.use(emptyHeaderCells);
      md.use(sourceLinks, { repository: repository.repository.url });
    },
  },
  themeConfig: {
    logo: '/mark.svg',
    search: { provider: 'local' },
    sidebar: sidebar(),
    outline: { level: [2, 3] },
    nav: [
      { text: 'Install', link: '/install' },
      { text: 'API', link: '/reference/' },
    ],
    footer: { message: 'MIT license' },
  },
  // The dashboard's icon serves the documentation too.
  vite: { logLevel: 'error', publicDir: '../packages/dashboard/public' },
});
