/** The docs as pages: `docs/*.md` and an API reference written from OpenAPI. Static HTML, no script, nothing from elsewhere. */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Marked, type TokenizerAndRendererExtension } from 'marked';
import temml from 'temml';
import { docsPage } from './docs-page.ts';
import { apiReference } from './docs-reference.ts';
import { slug } from './html.ts';

type Json = Record<string, unknown>;
interface Page {
  /** Path under `/docs`, without extension; empty for the front page. */
  path: string;
  title: string;
  html: string;
}

/** Formulas as code hosts write them, `$…$` and `$$…$$`, in MathML, which browsers draw by themselves. */
const FORMULAS: TokenizerAndRendererExtension[] = [
  { name: 'displayed', level: 'block', opening: '$$', pattern: /^\$\$([\s\S]+?)\$\$(?:\n|$)/ },
  // A dollar sign before an amount is none: a formula neither ends after a space nor before a digit.
  { name: 'inline', level: 'inline', opening: '$', pattern: /^\$(?!\s)((?:[^$\\\n]|\\.)+?)(?<!\s)\$(?!\d)/ },
].map(({ name, level, opening, pattern }) => ({
  name: `${name}-formula`,
  level: level as 'block' | 'inline',
  start: (source: string) => source.indexOf(opening),
  tokenizer(source: string) {
    const found = pattern.exec(source);
    return found ? { type: `${name}-formula`, raw: found[0], formula: found[1] } : undefined;
  },
  renderer: ({ formula }) => temml.renderToString(formula as string, { displayMode: level === 'block' }),
}));

/** Links between Markdown files become links between pages, and pictures are found from every page. */
function markdown(source: string, folder: string): string {
  const marked = new Marked({
    extensions: FORMULAS,
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        return `<h${depth} id="${slug(html)}">${html}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        return href === '' ? this.parser.parseInline(tokens) : false;
      },
    },
    walkTokens(token) {
      if ((token.type !== 'link' && token.type !== 'image') || /^[a-z]+:|^[#/]/.test(token.href)) return;
      const [file = '', anchor] = token.href.split('#') as string[];
      const page = join('/docs', folder, file).replace(/\/README\.md$|\.md$/, '');
      // The repository's source is not served with the docs: its name stays.
      if (!page.startsWith('/docs')) token.href = '';
      else token.href = anchor ? `${page}#${anchor}` : page;
    },
  });
  const html = marked.parse(source, { async: false });
  // A table that is wider than the screen is scrolled by keyboard too; a corner that says nothing heads nothing.
  return html.replaceAll('<table>', '<table tabindex="0">').replaceAll('<th></th>', '<td></td>');
}

/** Writes `openapi.json` and every page into the folder of static assets. */
export async function writeDocs(root: string, assets: string, document: Json): Promise<void> {
  const docs = join(root, 'docs');
  const files = ((await readdir(docs, { recursive: true })) as string[]).filter((file) => file.endsWith('.md')).sort();
  const pages: Page[] = await Promise.all(
    files.map(async (file) => {
      const source = await readFile(join(docs, file), 'utf8');
      return {
        path: file.replace(/(^|\/)README\.md$|\.md$/, ''),
        title: /^# (.+)$/m.exec(source)?.[1] ?? file,
        html: markdown(source, dirname(file)),
      };
    }),
  );
  pages.push({ path: 'reference', title: 'API reference', html: apiReference(document) });

  const groups = grouped(pages, await readFile(join(docs, 'README.md'), 'utf8'));
  const link = (page: Page) => (page.path === '' ? '/docs' : `/docs/${page.path}`);
  for (const page of pages) {
    const menu = groups.map(({ title, members }) => ({
      title,
      items: members.map((other) => ({ title: other.title, address: link(other), current: other === page })),
    }));
    const html = docsPage(page.title, page.html, menu);
    const file = join(assets, page.path === '' ? 'docs.html' : `docs/${page.path}.html`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, html);
  }
  await cp(join(root, 'packages/dashboard/public/mark.svg'), join(assets, 'docs/mark.svg'));
  await cp(join(docs, 'pictures'), join(assets, 'docs/pictures'), { recursive: true });
  await writeFile(join(assets, 'openapi.json'), JSON.stringify(document));
}

/** The pages as the front page groups them; those below a page of its list follow it. */
function grouped(pages: readonly Page[], index: string): { title: string; members: Page[] }[] {
  return index
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      // A page that is made and not written, such as the API's, is named by its address.
      const paths = [...section.matchAll(/\]\(([^)#]+)\)|`\/docs\/([\w/-]+)`/g)].map(([, file, made]) =>
        (made ?? file ?? '').replace(/(^|\/)README\.md$|\.md$/, ''),
      );
      const members = paths.flatMap((path) =>
        pages.filter((page) => page.path !== '' && (page.path === path || page.path.startsWith(`${path}/`))),
      );
      return { title: section.split('\n', 1)[0] as string, members: [...new Set(members)] };
    });
}
