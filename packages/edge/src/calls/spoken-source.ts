import type { CountsAs } from '@dialmark/shared';

/**
 * Returns where a call came from, as it is read to the person who picks up: `Google Ads`, `Bing`, `news.example`.
 * Null for direct visits: of those there is nothing to say.
 */
export function spokenSource({ source, channel }: Pick<CountsAs, 'source' | 'channel'>): string | null {
  if (source === null || channel === 'Direct' || source === '(direct)') return null;
  const name = source.includes('.') ? source : source.slice(0, 1).toUpperCase() + source.slice(1);
  return channel.startsWith('Paid') || channel === 'Display' ? `${name} Ads` : name;
}
