import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { GROUPS } from './reference/groups.ts';
import { slugify } from './slug.ts';

const docs = join(import.meta.dirname, '..');

/** Builds the menu from the list on the front page, so that the two cannot differ. Pages below a listed page follow it. */
export function sidebar(): DefaultTheme.SidebarItem[] {
  const sections = readFileSync(join(docs, 'README.md'), 'utf8').split(/^## /m).slice(1);
  return sections.map((section) => ({
    text: section.split('\n', 1)[0] as string,
    items: [...section.matchAll(/^- \[[^\]]+\]\(([^)#]+)\)|^- API reference/gm)].map(([, file]) =>
      file === undefined ? REFERENCE : item(file),
    ),
  }));
}

const REFERENCE: DefaultTheme.SidebarItem = {
  text: 'API reference',
  link: '/reference/',
  collapsed: true,
  items: [
    ...GROUPS.map(({ title }) => ({ text: title, link: `/reference/${slugify(title)}` })),
    { text: 'Schemas', link: '/reference/schemas' },
  ],
};

function item(file: string): DefaultTheme.SidebarItem {
  const page = { text: titleOf(file), link: `/${file.replace(/(README)?\.md$/, '')}` };
  if (!file.endsWith('/README.md')) return page;
  const folder = file.replace('README.md', '');
  const below = readdirSync(join(docs, folder)).filter((name) => name.endsWith('.md') && name !== 'README.md');
  return { ...page, collapsed: true, items: below.sort().map((name) => item(`${folder}${name}`)) };
}

function titleOf(file: string): string {
  return /^# (.+)$/m.exec(readFileSync(join(docs, file), 'utf8'))?.[1] ?? file;
}
