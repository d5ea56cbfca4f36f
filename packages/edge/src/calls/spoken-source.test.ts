import { describe, expect, it } from 'vitest';
import { spokenSource } from './spoken-source.ts';

describe('where a call came from, spoken', () => {
  it.each([
    [{ source: 'google', channel: 'Paid Search' }, 'Google Ads'],
    [{ source: 'facebook', channel: 'Paid Social' }, 'Facebook Ads'],
    [{ source: 'bing', channel: 'Organic Search' }, 'Bing'],
    [{ source: 'news.example', channel: 'Referral' }, 'news.example'],
    [{ source: '(direct)', channel: 'Direct' }, null],
  ] as const)('%o is %s', (touch, spoken) => {
    expect(spokenSource(touch as never)).toBe(spoken);
  });
});
