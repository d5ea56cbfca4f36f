/** One page of the docs around its text: the menu, what is on the page, and how it looks. No script, nothing from elsewhere. */
import { escapeHtml } from './html.ts';

/** The menu stands at the side, or on narrow screens opens by its button: a popover needs no script. */
const STYLE = `
:root { --ink: #1c2526; --soft: #5a696b; --line: #dfe5e3; --back: #fff; --tint: #f4f7f5; --link: #0b6b4f; color-scheme: light dark; }
@media (prefers-color-scheme: dark) { :root { --ink: #e3eae7; --soft: #9fb0ab; --line: #2e3b38; --back: #121a18; --tint: #1a2422; --link: #7fd6b4; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; font: 16px/1.6 system-ui, sans-serif; color: var(--ink); background: var(--back); display: grid; grid-template-columns: 15rem minmax(0, 48rem); gap: 0 3rem; padding: 2rem clamp(1rem, 4vw, 3rem) 6rem; }
a { color: var(--link); }
.bar { display: none; }
.home { color: inherit; text-decoration: none; font-size: 1.1rem; font-weight: 650; }
.menu { grid-row: 1 / 3; display: block; position: sticky; top: 1rem; inset: auto; width: auto; height: auto; max-height: calc(100vh - 2rem); margin: 0; padding: 0 .5rem 0 0; border: 0; background: none; color: inherit; overflow: auto; align-self: start; }
.menu ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .3rem; }
.menu > ul { gap: 1.2rem; margin-top: 1rem; } .menu > ul > li { color: var(--soft); font-size: .87rem; } .menu li ul { margin-top: .35rem; font-size: 1rem; }
.menu a[aria-current] { font-weight: 650; color: var(--ink); text-decoration: none; }
.contents { grid-column: 2; font-size: .93rem; margin-bottom: 1.5rem; align-self: start; }
.contents summary { color: var(--soft); cursor: pointer; }
.contents ul { list-style: none; margin: .3rem 0 0; padding: 0 0 0 .9rem; display: grid; gap: .25rem; border-left: 2px solid var(--line); }
main { grid-column: 2; }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.01em; margin: 0 0 1rem; }
h2 { margin: 2.5rem 0 .6rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.35rem; }
h3 { margin: 1.8rem 0 .4rem; font-size: 1.05rem; }
h4 { margin: 1rem 0 .2rem; font-size: .93rem; color: var(--soft); }
h4 + p { margin-top: 0; }
code { font: .88em ui-monospace, monospace; background: var(--tint); padding: .1em .3em; border-radius: .25em; overflow-wrap: anywhere; }
pre { background: var(--tint); border: 1px solid var(--line); border-radius: .4rem; padding: 1rem; overflow: auto; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-size: .94em; }
td code { overflow-wrap: break-word; }
.fields { display: table; width: 100%; } .fields td { overflow-wrap: anywhere; } .fields td:first-child { width: 34%; }
th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid var(--line); }
img { max-width: 100%; height: auto; }
math[display="block"] { display: block; overflow-x: auto; margin: 1rem 0; }
.method { display: inline-block; font: 650 .75rem ui-monospace, monospace; color: var(--back); background: var(--link); border-radius: .3rem; padding: .15rem .4rem; margin-right: .4rem; }
.operation { margin-top: 2.2rem; font-size: 1.1rem; }
.operations { border: 1px solid var(--line); border-radius: .4rem; padding: .2rem 1.2rem 1rem; }
.operations p { margin: 1rem 0 .2rem; font-weight: 650; } .operations p a { color: inherit; text-decoration: none; }
.operations ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .15rem; font-size: .93rem; }
.operations .method { width: 4rem; text-align: center; } .operations li span:last-child { color: var(--soft); }
.soft { color: var(--soft); }
@media (min-width: 78rem) {
  body { grid-template-columns: minmax(12rem, 15rem) minmax(0, 48rem) minmax(11rem, 16rem); column-gap: 2.5rem; }
  main { grid-row: 1 / 3; }
  .contents { grid-area: 1 / 3; position: sticky; top: 2rem; max-height: calc(100vh - 4rem); overflow: auto; }
  .contents summary { list-style: none; cursor: default; }
  .contents::details-content { content-visibility: visible; height: auto; }
}
@media (max-width: 60rem) {
  html { scroll-padding-top: 4rem; }
  body { grid-template-columns: minmax(0, 1fr); padding-top: 0; }
  main, .contents { grid-column: 1; }
  .bar { display: flex; justify-content: space-between; align-items: center; position: sticky; top: 0; margin: 0 calc(-1 * clamp(1rem, 4vw, 3rem)) 1.2rem; padding: .5rem clamp(1rem, 4vw, 3rem); background: var(--back); border-bottom: 1px solid var(--line); }
  .bar button { font: inherit; color: var(--ink); background: var(--tint); border: 1px solid var(--soft); border-radius: .4rem; padding: .35rem .9rem; cursor: pointer; }
  .menu[popover]:not(:popover-open) { display: none; }
  .menu:popover-open { position: fixed; inset: 3.3rem 0 0; width: 100%; height: calc(100dvh - 3.3rem); max-height: none; padding: .5rem clamp(1rem, 4vw, 3rem) 2rem; background: var(--back); }
  .menu .home { display: none; }
  .menu li ul { grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .5rem 1rem; }
}
`;

/** The product's mark, as the dashboard has it. */
const ICON = '<link rel="icon" href="/docs/mark.svg" type="image/svg+xml">';

export interface MenuGroup {
  title: string;
  items: { title: string; address: string; current: boolean }[];
}

/** @param text the page's own HTML, whose headings have ids */
export function docsPage(title: string, text: string, menu: readonly MenuGroup[]): string {
  const item = ({ title: words, address, current }: MenuGroup['items'][number]) =>
    `<li><a href="${address}"${current ? ' aria-current="page"' : ''}>${escapeHtml(words)}</a></li>`;
  const groups = menu.map((group) => `<li>${escapeHtml(group.title)}<ul>${group.items.map(item).join('')}</ul></li>`);
  const home = '<a class="home" href="/docs">Dialmark docs</a>';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)} · Dialmark</title>${ICON}<style>${STYLE}</style></head><body>
<header class="bar">${home}<button type="button" popovertarget="menu">Menu</button></header>
<nav class="menu" id="menu" popover aria-label="Docs">${home}<ul>${groups.join('')}</ul></nav>
${contents(text)}
<main>${text}</main></body></html>`;
}

/** Fewer parts than this are seen at a glance. */
const WORTH_LISTING = 3;

function contents(text: string): string {
  const parts = [...text.matchAll(/<h2 id="([^"]+)">(.*?)<\/h2>/g)];
  if (parts.length < WORTH_LISTING) return '';
  const items = parts.map(
    ([, id, words = '']) => `<li><a href="#${id}">${words.replace(/<\/?a\b[^>]*>/g, '')}</a></li>`,
  );
  return `<details class="contents"><summary>On this page</summary><ul>${items.join('')}</ul></details>`;
}
