import { readFile, writeFile } from 'node:fs/promises';

/** Returns a Markdown table: the first row is its head. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const [head = [], ...body] = rows.map((row) => `| ${row.join(' | ')} |`);
  const rule = `|${' ---: |'.repeat(rows[0]?.length ?? 0)}`;
  return [head, rule, ...body].join('\n');
}

export function percent(share: number, decimals = 1): string {
  return `${(100 * share).toFixed(decimals)} %`;
}

/** Puts text between a page's `<!-- name -->` and `<!-- /name -->`; the rest of the page stays. */
export async function writeBetween(page: string, name: string, text: string): Promise<void> {
  const before = await readFile(page, 'utf8');
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = before.indexOf(open);
  const to = before.indexOf(close);
  if (from < 0 || to < from) throw new Error(`${page} has no place for ${name}`);
  await writeFile(page, `${before.slice(0, from + open.length)}\n\n${text}\n\n${before.slice(to)}`);
}
