/** The docs as pages: `docs/*.md` and an API reference written from OpenAPI. Static HTML, no script, nothing from elsewhere. */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Marked, type TokenizerAndRendererExtension } from 'marked';
import temml from 'temml';

type Json = Record<string, unknown>;
interface Page {
  /** Path under `/docs`, without extension; empty for the front page. */
  path: string;
  title: string;
  html: string;
}

const STYLE = `
:root { --ink: #1c2526; --soft: #5a696b; --line: #dfe5e3; --back: #fff; --tint: #f4f7f5; --link: #0b6b4f; color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3eae7; --soft: #9fb0ab; --line: #2e3b38; --back: #121a18; --tint: #1a2422; --link: #7fd6b4; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.6 system-ui, sans-serif; color: var(--ink); background: var(--back); display: grid; grid-template-columns: 15rem minmax(0, 48rem); gap: 3rem; padding: 2rem clamp(1rem, 4vw, 3rem) 6rem; }
nav ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .3rem; }
nav > ul { gap: 1.2rem; } nav > ul > li { color: var(--soft); font-size: .87rem; } nav li ul { margin-top: .35rem; font-size: 1rem; }
nav strong a { color: inherit; text-decoration: none; }
nav strong { display: block; margin-bottom: 1rem; font-size: 1.1rem; }
nav a[aria-current] { font-weight: 650; color: var(--ink); text-decoration: none; }
a { color: var(--link); }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 1rem; }
h2 { margin: 2.5rem 0 .6rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.35rem; }
h3 { margin: 1.8rem 0 .4rem; font-size: 1.05rem; }
code { font: .88em ui-monospace, monospace; background: var(--tint); padding: .1em .3em; border-radius: .25em; overflow-wrap: anywhere; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: .4rem; padding: 1rem; overflow: auto; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-size: .94em; }
td code { overflow-wrap: break-word; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
img { max-width: 100%; }
math[display="block"] { display: block; overflow-x: auto; margin: 1rem 0; }
.method { font: 650 .8rem ui-monospace, monospace; color: var(--back); background: var(--link); border-radius: .3rem; padding: .2rem .5rem; margin-right: .5rem; }
.soft { color: var(--soft); }
@media (max-width: 60rem) { body { grid-template-columns: minmax(0, 1fr); gap: 1.5rem; } nav li ul { grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); } }
`;

const escapeHtml = (text: unknown) =>
  String(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/<[^>]+>/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
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
  return marked.parse(source, { async: false });
}

/** A schema in one readable cell: its type, and what it is bounded by. */
function typeOf(schema: Json): string {
  if (schema.$ref) {
    const name = String(schema.$ref).split('/').pop() as string;
    return `<a href="#${slug(name)}">${name}</a>`;
  }
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.enum)
    return (schema.enum as unknown[]).map((value) => `<code>${escapeHtml(JSON.stringify(value))}</code>`).join(' · ');
  const options = (schema.anyOf ?? schema.oneOf) as Json[] | undefined;
  if (options) return options.map(typeOf).join(' or ');
  if (schema.type === 'array') return `list of ${schema.items ? typeOf(schema.items as Json) : 'anything'}`;
  if (schema.type === 'object' && schema.properties) return fields(schema);
  const bounds = ['minimum', 'maximum', 'minLength', 'maxLength']
    .filter((key) => schema[key] !== undefined)
    .map((key) => `${key} ${schema[key]}`);
  const pattern = schema.pattern ? ` <code>${escapeHtml(schema.pattern)}</code>` : '';
  return `${schema.type ?? 'anything'}${bounds.length > 0 ? `, ${bounds.join(', ')}` : ''}${pattern}`;
}

function fields(schema: Json): string {
  const required = (schema.required as string[] | undefined) ?? [];
  const rows = Object.entries(schema.properties as Record<string, Json>).map(([name, field]) => {
    const preset =
      field.default === undefined
        ? ''
        : ` <span class="soft">default <code>${escapeHtml(JSON.stringify(field.default))}</code></span>`;
    const mark = required.includes(name) ? '' : ' <span class="soft">optional</span>';
    return `<tr><td><code>${escapeHtml(name)}</code>${preset || mark}</td><td>${typeOf(field)}</td></tr>`;
  });
  return `<table>${rows.join('')}</table>`;
}

/** Who may ask: a token's scope, a carrier by its signature, or the site's own pages. */
function accessText(security: Record<string, string[]>[] | undefined): string {
  const [first] = security ?? [];
  if (!first) return "The site's own pages, by their <code>Origin</code>; or a token.";
  if (first.token) return `Token with scope <code>${first.token[0]}</code>.`;
  return `Proved by <code>${Object.keys(first).join(', ')}</code>.`;
}

function apiReference(document: Json): string {
  const sections = Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, op]) => {
      const { security, parameters, requestBody, responses } = op as {
        security?: Record<string, string[]>[];
        parameters?: Json[];
        requestBody?: Json;
        responses: Record<string, Json>;
      };
      const query = (parameters ?? []).filter((parameter) => parameter.in === 'query');
      const bodies = (requestBody?.content ?? {}) as Record<string, { schema: Json }>;
      const body = (bodies['application/json'] ?? Object.values(bodies)[0])?.schema;
      const success = Object.entries(responses).find(([status]) => status.startsWith('2')) as [
        string,
        { content?: Record<string, { schema: Json }> },
      ];
      const answer = success[1].content?.['application/json']?.schema;
      return `<h2 id="${slug(String(op.operationId))}"><span class="method">${method.toUpperCase()}</span><code>${escapeHtml(path)}</code></h2>
<p>${escapeHtml(op.summary)}. ${accessText(security)}</p>
${query.length > 0 ? `<h3>Query</h3>${fields({ properties: Object.fromEntries(query.map((each) => [each.name, each.schema])), required: query.filter((each) => each.required).map((each) => each.name) })}` : ''}
${body ? `<h3>Body</h3><p>${typeOf(body)}</p>` : ''}
<h3>Answer</h3><p><code>${success[0]}</code> ${answer ? typeOf(answer) : 'no body'}</p>`;
    }),
  );
  const schemas = Object.entries((document.components as { schemas: Record<string, Json> }).schemas).map(
    ([name, schema]) => `<h3 id="${slug(name)}">${escapeHtml(name)}</h3>${typeOf(schema)}`,
  );
  return `<h1>API reference</h1>
<p>JSON; times are RFC 3339 in UTC; numbers E.164; ids opaque. Errors are <code>application/problem+json</code> (RFC 9457) with <code>errors: [{ path, message }]</code> for bad input.
Lists take <code>limit</code> and <code>cursor</code>. As a document for tools: <a href="/openapi.json">openapi.json</a>.</p>
${sections.join('\n')}
<h2 id="schemas">Schemas</h2>${schemas.join('\n')}`;
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
  const item = (other: Page, page: Page) =>
    `<li><a href="${link(other)}"${other === page ? ' aria-current="page"' : ''}>${escapeHtml(other.title)}</a></li>`;
  for (const page of pages) {
    const nav = groups
      .map(
        ({ title, members }) =>
          `<li>${escapeHtml(title)}<ul>${members.map((other) => item(other, page)).join('')}</ul></li>`,
      )
      .join('');
    const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(page.title)} · Dialmark</title><style>${STYLE}</style></head><body><nav aria-label="Docs"><strong><a href="/docs">Dialmark</a></strong><ul>${nav}</ul></nav><main>${page.html}</main></body></html>`;
    const file = join(assets, page.path === '' ? 'docs.html' : `docs/${page.path}.html`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, html);
  }
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
