import { ruleFits } from '@dialmark/shared/source-rule';
import type { PrintedNumber, SnippetConfig } from '@dialmark/shared/wire/snippet';
import type { TouchEvidence } from './visit.ts';

/**
 * The source numbers that the landing page and referrer decide by themselves, by target. Where a rule could only be
 * decided with a classified source, nothing after it can be: the edge is asked.
 */
export function sourceNumbers(
  sources: NonNullable<SnippetConfig['sources']>,
  touch: TouchEvidence,
): Map<string, PrintedNumber> {
  const decided = new Map<string, PrintedNumber | null>();
  let clickIds: Record<string, string> = {};
  try {
    clickIds = Object.fromEntries(new URL(touch.url).searchParams);
  } catch {
    // No address, no parameters.
  }
  for (const { target, match, ...number } of sources) {
    if (decided.has(target)) continue;
    const { source, medium, campaign, channel, ...page } = match;
    const facts = {
      url: touch.url,
      referrer: touch.referrer,
      touch: { source: '', medium: '', campaign: '', channel: '', clickIds },
    };
    if (ruleFits(page, facts)) decided.set(target, source || medium || campaign || channel ? null : number);
  }
  return new Map([...decided].filter((each): each is [string, PrintedNumber] => each[1] !== null));
}
