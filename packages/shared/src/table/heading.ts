import { visible } from './cell.ts';

/** A heading with the spelling taken out of it. */
export interface Heading {
  /** In lower case without accents, its words apart: `CampaignName`, `campaign_name` and `Campaign name` are one. */
  name: string;
  /** Text in brackets after it, such as `usd` in `Amount spent (USD)`; null without. */
  unit: string | null;
}

/** Reads a heading. */
export function readHeading(text: string): Heading {
  const bare = visible(text.slice(0, 200))
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase();
  const [, before = bare, unit = null] = /^(.*?)\s*[([]([^()[\]]*)[)\]]\s*$/.exec(bare) ?? [];
  return { name: words(before), unit: unit === null ? null : words(unit) };
}

const words = (text: string) =>
  text
    .replace(/[\s_.:/-]+/g, ' ')
    .replace(/['’`]/g, ' ')
    .replace(/ +/g, ' ')
    .trim();

/**
 * Finds the column that is called by one of these names, most specific first.
 * @returns null if there is none
 */
export function columnNamed(headings: readonly Heading[], names: readonly string[]): number | null {
  for (const name of names) {
    const index = headings.findIndex((heading) => heading.name === name);
    if (index >= 0) return index;
  }
  return null;
}
