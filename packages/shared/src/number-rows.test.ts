import { describe, expect, it } from 'vitest';
import { readNumberRows } from './number-rows.ts';
import { phoneMetadata as metadata } from './phone-metadata.ts';

const US = { target: 'main', country: 'US', metadata };
const rowsOf = (file: string | Uint8Array, options = US) => readNumberRows(file, options).rows;
const pool = (number: string) => ({ number, target: 'main', kind: 'pool' });
const numbersOf = (file: string | Uint8Array, options = US) => rowsOf(file, options).map(({ number }) => number.number);

describe('a file of numbers', () => {
  it('is read by its headings, in any order and case', () => {
    expect(rowsOf('Name,NUMBER,target\nSpare,+1 (415) 555-0132,main')).toEqual([
      { index: 0, line: 2, number: { number: '+14155550132', target: 'main', kind: 'pool', name: 'Spare' } },
    ]);
  });

  it('makes a source number of a row with a rule', () => {
    const csv = 'Number,name,source,medium,landing_page,campaign\n+14155552671,"Ads, brand",google,cpc,,"say ""hi"""';
    expect(rowsOf(csv)[0]?.number).toEqual({
      number: '+14155552671',
      target: 'main',
      kind: 'source',
      name: 'Ads, brand',
      match: { source: 'google', medium: 'cpc', campaign: 'say "hi"' },
    });
  });

  it('takes the default target where a row names none', () => {
    const rows = rowsOf('number\ttarget\n+14155550132\t\n+14155550133\tsales');
    expect(rows.map(({ number }) => number.target)).toEqual(['main', 'sales']);
  });

  it('may be a list without headings, as people of the country write it', () => {
    expect(rowsOf('(415) 555-2671\n\n+44 20 7946 0958\r\n415.555.2672').map(({ number }) => number)).toEqual([
      pool('+14155552671'),
      pool('+442079460958'),
      pool('+14155552672'),
    ]);
    expect(rowsOf('+14155552671;sales')[0]?.number).toMatchObject({ target: 'sales' });
  });

  it('passes on what is no number where it was typed, so that the answer can name its row', () => {
    expect(readNumberRows('call us', { ...US, isPasted: true }).rows.map(({ number }) => number)).toEqual([
      pool('call us'),
    ]);
  });

  it.each([
    ['an empty file', '', /empty/],
    ['an unknown column', 'number,colour\n+1,red', /no column "colour".*number, target/],
    ['no number column', 'target\nmain', /No column is named "number"/],
    ['an unclosed quote', 'number\n"+1', /never closed/],
  ])('says what is wrong with %s', (_, text, message) => {
    expect(() => readNumberRows(text, US)).toThrow(message);
  });
});

describe('carriers’ own exports', () => {
  it.each([
    ['Twilio', 'Phone Number,Friendly Name,sid,Capabilities\n+14155550132,Front desk,PN1,"Voice,SMS"'],
    ['Telnyx', 'id,phone_number,status,connection_name,tags\n1293,+14155550132,active,app,x'],
    ['Plivo', 'Number,Alias,Region,Type,Added On\n14155550132,x,US,local,2026-11-01'],
    ['Vonage', 'country,msisdn,type,features\nUS,14155550132,mobile-lvn,VOICE'],
    ['Bandwidth', 'fullNumber,city,lata,rateCenter,state\n4155550132,SF,722,SNFC,CA'],
    ['SignalWire', 'id,name,number,capabilities\nx,Desk,+14155550132,voice'],
    ['a spreadsheet in German', 'Rufnummer;Bemerkung\n+1 415 555-0132;alt'],
    ['a spreadsheet in French', 'Numéro de téléphone,Remarque\n+1 415 555 0132,x'],
  ])('are read: %s', (_, file) => {
    expect(numbersOf(file)).toEqual(['+14155550132']);
  });

  it('tell which of their columns were not read', () => {
    expect(readNumberRows('Phone Number,Friendly Name,sid\n+14155550132,(415) 555-0132,PN1', US)).toMatchObject({
      ignored: ['sid'],
      rows: [{ number: pool('+14155550132') }],
    });
  });
});

describe('a number in a cell', () => {
  it.each([
    '\u202a+14155550132\u202c',
    '\u2068+1 415 555 0132\u2069',
    '+1\u2011415\u2011555\u20110132',
    '+1\u00a0415\u00a0555\u00a00132',
    '\u200e(415)\u202f555‑0132\u200b',
    "'+14155550132",
    '="+14155550132"',
    '"=""+14155550132"""',
    'tel:+14155550132',
    '1-415-555-0132',
    '0014155550132',
    '+١٤١٥٥٥٥٠١٣٢',
    '۴۱۵-۵۵۵-۰۱۳۲',
    '४१५ ५५५ ०१३२',
    '＋１－４１５－５５５－０１３２',
    '๔๑๕ ๕๕๕ ๐๑๓๒',
  ])('is read: %j', (cell) => {
    const country = cell.startsWith('00') ? 'DE' : 'US';
    expect(numbersOf(`number\n${cell}`, { target: 'main', country, metadata })).toEqual(['+14155550132']);
  });

  it('is read from UTF-16 and from Windows-1252', () => {
    const utf16 = new Uint8Array(new Uint16Array([...'\ufeffnumber\n+14155550132'].map((c) => c.charCodeAt(0))).buffer);
    expect(numbersOf(utf16)).toEqual(['+14155550132']);
    const latin = new Uint8Array([...'number,name\n+14155550132,B\xfcro\n'].map((c) => c.charCodeAt(0)));
    expect(rowsOf(latin)[0]?.number.name).toBe('Büro');
  });

  it('that a spreadsheet has rounded is refused with the reason', () => {
    const { rows, errors } = readNumberRows('number\n1.41556E+10\n"1,4E+10"\n+14155550132', US);
    expect(rows).toHaveLength(1);
    expect(errors).toMatchObject([
      { index: 0, line: 2, code: 'rounded' },
      { index: 1, line: 3, code: 'rounded' },
    ]);
    expect(rows[0]).toMatchObject({ index: 2, line: 4 });
  });

  it('is read up to as many rows as are asked for', () => {
    const file = 'number\n+14155550132\n1.4E+10\n+14155550134';
    expect(readNumberRows(file, { ...US, most: 2 })).toMatchObject({ rows: [{}], errors: [{}], hasMore: true });
    expect(readNumberRows(file, { ...US, most: 3 })).toMatchObject({ rows: [{}, {}], errors: [{}], hasMore: false });
  });

  it('that is none stays as it is', () => {
    expect(numbersOf('number\nask Joe\n12')).toEqual(['ask Joe', '12']);
  });
});
