import { posix } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';

/** Points links that code hosts follow at what a website has: a folder's index for its README, the repository for the rest. */
export function sourceLinks(md: MarkdownRenderer, { repository }: { repository: string }): void {
  const home = repository.replace(/^git\+|\.git$/g, '');
  md.core.ruler.push('source-links', ({ tokens, env }) => {
    const folder = posix.dirname(posix.join('docs', env.relativePath ?? ''));
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href === null || href === undefined || /^[a-z]+:/.test(href)) continue;
      token.attrSet('href', href.replace(/(^|\/)README\.md(?=#|$)/, '$1index.md'));
      if (!href.startsWith('..')) continue;
      const file = posix.join(folder, href);
      if (!file.startsWith('docs/')) token.attrSet('href', `${home}/blob/main/${file}`);
    }
  });
}
