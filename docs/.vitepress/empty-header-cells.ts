import type { MarkdownRenderer } from 'vitepress';

/** Makes header cells without text plain cells: a header that says nothing heads nothing (WCAG 1.3.1). */
export function emptyHeaderCells(md: MarkdownRenderer): void {
  md.core.ruler.push('empty-header-cells', ({ tokens }) => {
    tokens.forEach((token, index) => {
      if (token.type !== 'th_open' || tokens[index + 1]?.content.trim() !== '') return;
      token.tag = 'td';
      const close = tokens.slice(index).find(({ type }) => type === 'th_close');
      if (close) close.tag = 'td';
    });
  });
}
