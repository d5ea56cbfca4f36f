import { describe, expect, it } from 'vitest';
import { numberRows } from './number-rows.ts';

const pool = (number: string) => ({ number, target: 'main', kind: 'pool', name: null, match: null });

describe('numberRows', () => {
  it('takes one number a line, as people write them', () => {
    expect(numberRows('(415) 555-2671\n\n+44 20 7946 0958\r\n415.555.2672', 'main', 'US')).toEqual([
      pool('+14155552671'),
      pool('+442079460958'),
      pool('+14155552672'),
    ]);
  });

  it('takes CSV with a heading; a row with a rule is a source number', () => {
    const csv =
      'Number,name,source,medium,campaign\n+14155552671,"Ads, brand",google,cpc,"say ""hi"""\n+14155552672,,,,';
    expect(numberRows(csv, 'main', 'US')).toEqual([
      {
        number: '+14155552671',
        target: 'main',
        kind: 'source',
        name: 'Ads, brand',
        match: { source: 'google', medium: 'cpc', campaign: 'say "hi"' },
      },
      pool('+14155552672'),
    ]);
  });

  it('takes what spreadsheets paste, with tabs or semicolons', () => {
    expect(numberRows('number\ttarget\n+14155552671\tsales', 'main', 'US')[0]).toMatchObject({ target: 'sales' });
    expect(numberRows('+14155552671;sales', 'main', 'US')[0]).toMatchObject({ target: 'sales' });
  });

  it('passes on what is no number, so that the answer can name its row', () => {
    expect(numberRows('call us', 'main', 'US')).toEqual([pool('call us')]);
    expect(numberRows('', 'main', 'US')).toEqual([]);
  });
});
