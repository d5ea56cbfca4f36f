import { posix } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';

/** Points links that leave `docs/`, as code hosts follow them, at the file in the repository. */
export function sourceLinks(md: MarkdownRenderer, { repository }: { repository: string }): void {
  const home = repository.replace(/^git\+|\.git$/g, '');
  md.core.ruler.push('source-links', ({ tokens, env }) => {
    const folder = posix.dirname(posix.join('docs', env.relativePath ?? ''));
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (!href?.startsWith('..')) continue;
      const file = posix.join(folder, href);
      if (!file.startsWith('docs/')) token.attrSet('href', `${home}/blob/main/${file}`);
    }
  });
}
