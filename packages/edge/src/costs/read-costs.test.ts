import type { CostRow, CostsQuery } from '@dialmark/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCostFile } from './read-costs.ts';

function read(file: string | Uint8Array, given: CostsQuery = {}, currency = 'USD') {
  const rows: CostRow[] = [];
  const answer = readCostFile(file, given, currency, (row) => rows.push(row));
  return { answer, rows };
}

function booked(file: string | Uint8Array, given: CostsQuery = {}, currency = 'USD') {
  const { answer, rows } = read(file, given, currency);
  if ('rejected' in answer) throw new Error(answer.rejected.message);
  return { ...answer, rows, costs: rows.map(({ cost }) => cost) };
}

function rejection(file: string | Uint8Array, given: CostsQuery = {}, currency = 'USD') {
  const { answer, rows } = read(file, given, currency);
  expect(rows).toEqual([]);
  return 'rejected' in answer ? answer.rejected : null;
}

const TAGS = { source: 'acme', medium: 'cpc' };
const lines = (...all: string[]) => `${all.join('\n')}\n`;

function utf16le(text: string, withMark = true): Uint8Array {
  const units = new Uint16Array([...(withMark ? [0xfeff] : []), ...[...text].map((char) => char.charCodeAt(0))]);
  return new Uint8Array(units.buffer);
}

describe('a totals row', () => {
  it.each([
    ['has no day', lines('Day,Campaign,Cost', '2026-11-24,spring,5', '--,Total Recall,5')],
    ['says Total in place of the day', lines('Day,Campaign,Cost', '2026-11-24,spring,5', 'Total: Account, --,5')],
    [
      'is the sum of the rest',
      lines('Day,Campaign,Cost', '2026-11-24,spring,2', '2026-11-25,late,3', '2026-11-25,Total,5'),
    ],
    ['has no labels', lines('Day,Campaign,Cost', '2026-11-24,,5', '2026-11-24,spring,2', '2026-11-24,late,3')],
    [
      'is the sum of its day',
      lines('Day,Campaign,Cost', '2026-11-24,a,2', '2026-11-24,b,3', '2026-11-24,Gesamt,5', '2026-11-25,a,9'),
    ],
  ])('is left out and reported where it %s', (_, file) => {
    const { file: told, errors } = booked(file);
    expect(told?.skipped).toMatchObject([{ code: 'total' }]);
    expect(errors).toEqual([]);
  });

  it.each(['Total Recall', 'Totals of spring', 'Gesamtschule', 'Total', 'Gesamt', 'Summer', 'Total: spring'])(
    'is not what is called %j on its day, with a cost of its own',
    (campaign) => {
      const { rows } = booked(
        lines('Day,Campaign,Cost', `2026-11-24,${campaign},7`, '2026-11-24,spring,2', '2026-11-25,spring,3'),
      );
      expect(rows.map((row) => row.campaign)).toContain(campaign);
      expect(rows).toHaveLength(3);
    },
  );

  it('is not a keyword that begins with the word', () => {
    const { rows } = booked('Day,Campaign,Search keyword,Cost\n2026-11-24,spring,total care,5\n');
    expect(rows).toMatchObject([{ term: 'total care' }]);
  });
});

describe('headings', () => {
  it('near our own are read, and the source is asked for', () => {
    const file = 'date,campaign_name,cost\n2026-11-24,a,1\n2026-11-24,b,2\n';
    expect(rejection(file)).toMatchObject({ code: 'source_required', message: expect.stringContaining('?source=') });
    expect(booked(file, TAGS).rows).toMatchObject([
      { source: 'acme', medium: 'cpc', campaign: 'a', cost: 1 },
      { source: 'acme', medium: 'cpc', campaign: 'b', cost: 2 },
    ]);
  });

  it('say which columns were read and which were not', () => {
    const { file } = booked('Date,Campaign,Ad group,Device,Cost\n2026-11-24,a,x,phone,1\n', TAGS);
    expect(file).toMatchObject({
      columns: { date: 'Date', campaign: 'Campaign', cost: 'Cost' },
      ignored: ['Ad group', 'Device'],
      rows: { read: 1, booked: 1, skipped: 0, failed: 0 },
    });
  });

  it.each([
    'Date,Campaign Name,Spend',
    'Date,Campaign,Ad group,Cost',
    'Date,Campaign name,Cost',
    'Datum;Kampagnenname;Ausgaben',
  ])('that several platforms use are nobody’s: %s', (headings) => {
    const separator = headings.includes(';') ? ';' : ',';
    const cells = headings
      .split(separator)
      .map((name) => (/^Dat/.test(name) ? '2026-11-24' : /^(Sp|Co|Au)/.test(name) ? '5' : 'x'));
    expect(rejection(`${headings}\n${cells.join(separator)}\n`)?.code).toBe('source_required');
  });

  it.each([
    ['google_ads', 'Day,Campaign,Cost', '2026-11-24,x,5'],
    ['google_ads', 'Tag;Kampagne;Währungscode;Kosten', '2026-11-24;x;USD;5,00'],
    ['google_ads', 'Jour,Campagne,Code de devise,Coût', '2026-11-24,x,USD,"5,00"'],
    ['google_ads', 'Día,Campaña,Código de moneda,Coste', '2026-11-24,x,USD,"5,00"'],
    ['google_ads', 'Día,Campaña,Costo', '2026-11-24,x,5.00'],
    ['google_ads', 'Giorno,Campagna,Codice valuta,Costo', '2026-11-24,x,USD,"5,00"'],
    ['google_ads', 'Dia,Campanha,Código da moeda,Custo', '2026-11-24,x,USD,"5,00"'],
    ['google_ads', 'Dag,Campagne,Valutacode,Kosten', '2026-11-24,x,USD,"5,00"'],
    ['google_ads', 'segments.date,campaign.name,metrics.cost_micros', '2026-11-24,x,5000000'],
    ['meta_ads', 'Day,Campaign name,Amount spent (USD)', '2026-11-24,x,5'],
    ['meta_ads', 'Berichtsstart;Berichtsende;Kampagnenname;Ausgegebener Betrag (USD)', '2026-11-24;2026-11-24;x;5'],
    [
      'meta_ads',
      'Début des rapports,Fin des rapports,Nom de la campagne,Montant dépensé (USD)',
      '2026-11-24,2026-11-24,x,5',
    ],
    [
      'meta_ads',
      'Inicio del informe,Fin del informe,Nombre de la campaña,Importe gastado (USD)',
      '2026-11-24,2026-11-24,x,5',
    ],
    ['meta_ads', 'Giorno,Nome della campagna,Importo speso (USD)', '2026-11-24,x,5'],
    ['meta_ads', 'Dia,Nome da campanha,Valor usado (USD)', '2026-11-24,x,5'],
    ['meta_ads', 'Dag,Naam campagne,Besteed bedrag (USD)', '2026-11-24,x,5'],
    ['microsoft_ads', 'GregorianDate,CampaignName,Spend', '2026-11-24,x,5'],
    ['linkedin_ads', 'Start Date (in UTC),Campaign Group Name,Campaign Name,Total Spent', '11/24/2026,g,x,5'],
    ['tiktok_ads', 'Date,Campaign name,Cost,Clicks (destination)', '2026-11-24,x,5,2'],
    ['pinterest_ads', 'Date,Campaign name,Spend in account currency,Pin clicks', '2026-11-24,x,5,2'],
    ['x_ads', 'Time period,Campaign name,Funding source name,Spend', '2026-11-24,x,card,5'],
    ['apple_search_ads', 'Date,Campaign Name,Spend,Taps,TTR', '2026-11-24,x,5,2,1%'],
    ['snapchat_ads', 'Start time,Campaign Name,Ad Squad Name,Amount Spent', '2026-11-24,x,s,5'],
    ['amazon_ads', 'Date,Portfolio name,Campaign Name,Spend', '2026-11-24,p,x,5'],
    ['dialmark', 'Date,Session source / medium,Google Ads cost', '2026-11-24,x / cpc,5'],
  ])('of %s are known: %s', (layout, headings, row) => {
    const read = booked(lines(headings, row));
    expect([read.layout, read.rows[0]?.date, read.rows[0]?.cost]).toEqual([layout, '2026-11-24', 5]);
    expect(layout === 'dialmark' ? read.rows[0]?.source : read.rows[0]?.campaign).toBe('x');
  });
});

it.each(['Cost (micros)', 'Cost (in micros)', 'cost_micros', 'Spend (micro)'])(
  'amounts of %s are in millionths',
  (heading) => {
    expect(booked(lines(`Date,Campaign,${heading}`, '2026-11-24,x,5250000'), TAGS).costs).toEqual([5.25]);
  },
);

describe('real exports', () => {
  it('Google’s “Excel .csv”: UTF-16LE with tabs, titles before and totals after', () => {
    const text = lines(
      'Kampagnenbericht',
      '1. November 2026 - 30. November 2026',
      'Tag\tKampagne\tWährungscode\tKosten',
      '2026-11-24\tFrühling\tUSD\t1.234,50',
      '2026-11-25\tFrühling\tUSD\t2,25',
      'Gesamt: Konto\t --\tUSD\t1.236,75',
    );
    for (const bytes of [utf16le(text), utf16le(text, false)]) {
      const { layout, costs, rows, file } = booked(bytes);
      expect([layout, costs, rows[0]?.campaign]).toEqual(['google_ads', [1234.5, 2.25], 'Frühling']);
      expect(file).toMatchObject({
        encoding: 'utf-16le',
        delimiter: '\t',
        headingLine: 3,
        decimal: 'comma',
        currency: 'USD',
      });
    }
  });

  it('Microsoft’s: a block of titles, a copyright below', () => {
    const { layout, costs, file } = booked(
      lines(
        '"Report Name: Campaign performance"',
        '"Report Time: 11/1/2026 - 11/30/2026"',
        '"Time Zone: (GMT-08:00) Pacific Time"',
        '"Potential Incomplete Data: false"',
        '',
        'Date,Campaign name,Spend',
        '11/5/2026,spring,12.40',
        '11/25/2026,spring,7',
        '',
        '"©2026 Microsoft Corporation. All rights reserved. "',
      ),
    );
    expect([layout, costs, file?.dates]).toEqual(['microsoft_ads', [12.4, 7], 'mdy']);
    expect(file?.skipped).toMatchObject([{ line: 10, code: 'note' }]);
  });

  it('Meta’s, with the summary as its first row', () => {
    const { costs, file } = booked(
      lines(
        'Reporting starts,Reporting ends,Campaign name,Amount spent (USD)',
        '2026-11-24,2026-11-25,,30.10',
        '2026-11-24,2026-11-24,spring,20.05',
        '2026-11-25,2026-11-25,spring,10.05',
      ),
    );
    expect(costs).toEqual([20.05, 10.05]);
    expect(file?.skipped).toMatchObject([{ line: 2, code: 'total' }]);
  });
});

describe('days', () => {
  it('are judged once for the whole file', () => {
    const { rows, file } = booked('Day,Campaign,Cost\n05/11/2026,a,1\n24/11/2026,a,1\n');
    expect(rows.map(({ date }) => date)).toEqual(['2026-11-05', '2026-11-24']);
    expect(file?.dates).toBe('dmy');
  });

  it('that may be either are rejected, unless the request says', () => {
    const file = 'Day,Campaign,Cost\n05/11/2026,a,1\n06/11/2026,a,1\n';
    expect(rejection(file)).toMatchObject({ code: 'dates_ambiguous', message: expect.stringContaining('?dates=dmy') });
    expect(booked(file, { dates: 'dmy' }).rows[0]?.date).toBe('2026-11-05');
    expect(booked(file, { dates: 'mdy' }).rows[0]?.date).toBe('2026-05-11');
  });

  it('that contradict each other are rejected, unless the request says', () => {
    const file = 'Day,Campaign,Cost\n24/11/2026,a,1\n11/25/2026,a,1\n';
    expect(rejection(file)?.code).toBe('dates_mixed');
    expect(booked(file, { dates: 'dmy' }).errors).toMatchObject([{ line: 3, path: 'date' }]);
  });

  it('that are the same either way need no judgement', () => {
    expect(booked('Day,Campaign,Cost\n11/11/2026,a,1\n').rows[0]?.date).toBe('2026-11-11');
  });
});

describe('amounts', () => {
  it.each([
    ['INR', '"₹1,23,456.50"', 123456.5],
    ['BRL', '"R$ 1.234,56"', 1234.56],
    ['AUD', 'A$3.50', 3.5],
    ['SEK', '"1 234,56 kr"', 1234.56],
    ['PLN', '"12,00 zł"', 12],
    ['CHF', "CHF 1'234.50", 1234.5],
    ['EUR', '"12,50 €"', 12.5],
    ['USD', '(3.50)', -3.5],
    ['USD', '"3,50-"', -3.5],
    ['CAD', '$12.00', 12],
    ['USD', '--', 0],
  ])('of a site in %s are read as %s', (currency, cell, cost) => {
    expect(booked(`Day,Campaign,Cost\n2026-11-24,a,${cell}\n`, {}, currency).costs).toEqual([cost]);
  });

  it('have one decimal mark in a file, which any cell may tell', () => {
    expect(booked('Tag;Kampagne;Kosten\n2026-11-24;a;1.234\n2026-11-24;a;0,50\n').costs).toEqual([1234, 0.5]);
    expect(booked('Day,Campaign,Cost\n2026-11-24,a,"1,234"\n2026-11-24,a,0.50\n').costs).toEqual([1234, 0.5]);
    expect(booked('Tag,Kampagne,Kosten,CTR\n2026-11-24,a,1.234,"3,5 %"\n').costs).toEqual([1234]);
  });

  it('that may be either are rejected, unless the request says', () => {
    const file = 'Tag,Kampagne,Kosten\n2026-11-24,a,1.234\n';
    expect(rejection(file)).toMatchObject({
      code: 'decimals_ambiguous',
      message: expect.stringContaining('?decimal='),
    });
    expect(booked(file, { decimal: 'comma' }).costs).toEqual([1234]);
    expect(booked(file, { decimal: 'point' }).costs).toEqual([1.234]);
  });
});

describe('another currency than the site’s', () => {
  it.each([
    ['in the heading', 'Day,Campaign name,Amount spent (EUR)\n2026-11-24,a,5\n'],
    ['in the heading without brackets', 'Day,Campaign,Cost EUR\n2026-11-24,a,5\n'],
    ['in a title', 'Currency: EUR\nDay,Campaign,Cost\n2026-11-24,a,5\n'],
  ])('is rejected, naming both: %s', (_, file) => {
    const rejected = rejection(file);
    expect(rejected?.code).toBe('currency_mismatch');
    expect(rejected?.message).toMatch(/EUR.*USD/);
    expect(booked(file, {}, 'EUR').costs).toEqual([5]);
  });

  it.each([
    ['in a column', 'Day,Campaign,Currency code,Cost\n2026-11-24,a,EUR,5\n2026-11-25,a,USD,5\n'],
    ['beside the amount', 'Day,Campaign,Cost\n2026-11-24,a,€5\n2026-11-25,a,$5\n'],
  ])('is an error of its row: %s', (_, file) => {
    const { costs, errors } = booked(file);
    expect(costs).toEqual([5]);
    expect(errors).toMatchObject(
      [{ line: 2, path: 'currency', code: 'currency_mismatch', message: /EUR.*USD/ }].map((e) => ({
        ...e,
        message: expect.stringMatching(e.message),
      })),
    );
  });
});

describe('every row of a file', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '2026-11-24',
      '24/11/2026',
      '5/6/2026',
      '',
      '--',
      'Total',
      'spring',
      '5',
      '5,5',
      '1.234',
      '€3',
      '"',
      'a"b',
      '©',
    ),
    fc.string({ maxLength: 8 }).map((text) => text.replace(/[\r\n]/g, ' ')),
  );
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

  it('is booked, skipped or reported, whatever is in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 30 }),
        fc.constantFrom(',', ';', '\t', '|'),
        (rows, separator) => {
          const file = [
            ['Day', 'Campaign', 'Ad group', 'Cost'],
            ...rows.map((row) => ['2026-11-24', ...row].slice(0, 4)),
          ]
            .map((row) => row.map(quoted).join(separator))
            .join('\r\n');
          const { answer, rows: taken } = read(file, { dates: 'dmy', decimal: 'point' });
          if ('rejected' in answer) throw new Error(answer.rejected.code);
          const {
            read: all,
            booked,
            skipped,
            failed,
          } = answer.file?.rows ?? { read: 0, booked: 0, skipped: 0, failed: 0 };
          expect(all).toBe(rows.length);
          expect(booked + skipped + failed).toBe(all);
          expect(taken).toHaveLength(booked);
          expect(answer.errors).toHaveLength(failed);
          expect(answer.file?.skipped).toHaveLength(skipped);
        },
      ),
    );
  });

  it('is counted where the file is bytes of anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => {
        const head = new TextEncoder().encode('Day,Campaign,Cost\n2026-11-24,a,1.5\n');
        const { answer } = read(new Uint8Array([...head, ...tail]));
        if ('rejected' in answer) return;
        const {
          read: all,
          booked,
          skipped,
          failed,
        } = answer.file?.rows ?? { read: 0, booked: 0, skipped: 0, failed: 0 };
        expect(booked + skipped + failed).toBe(all);
      }),
    );
  });

  it('is rejected together with the others where a quotation mark is never closed', () => {
    expect(rejection('Day,Campaign,Cost\n2026-11-24,"a,1\n2026-11-25,b,2\n')).toMatchObject({
      code: 'quote_not_closed',
      path: 'rows.2',
    });
    expect(booked('Day,Campaign,Cost\n2026-11-24,5" pipe,1\n').rows[0]?.campaign).toBe('5" pipe');
  });
});

describe('the encodings of exports', () => {
  const bytes = (text: string) => new Uint8Array([...text].map((char) => char.charCodeAt(0)));
  const swapped = (file: Uint8Array) => new Uint8Array(file.map((_, i) => file[i ^ 1] as number));

  it.each([
    [
      'utf-16be',
      swapped(utf16le(lines('date,source,medium,campaign,cost', '2026-11-24,google,cpc,Dächer,3.5'))),
      'Dächer',
    ],
    [
      'utf-16le',
      utf16le(lines('date,source,medium,campaign,cost', '2026-11-24,google,cpc,Dächer,3.5'), false),
      'Dächer',
    ],
    [
      'windows-1252',
      bytes(lines('date;source;medium;campaign;cost', '2026-11-24;google;cpc;D\xe4cher \x96 S\xfcd;3.5')),
      'Dächer – Süd',
    ],
    [
      'gbk',
      bytes(lines('date,source,medium,campaign,cost', '2026-11-24,baidu,cpc,\xce\xdd\xb6\xa5\xce\xac\xd0\xde,3.5')),
      '屋顶维修',
    ],
    [
      'shift_jis',
      bytes(lines('date,source,medium,campaign,cost', '2026-11-24,yahoo,cpc,\x83\x84\x83\x6c\x8f\x43\x97\x9d,3.5')),
      'ヤネ修理',
    ],
  ])('%s is read', (encoding, file, campaign) => {
    const answer = booked(file);
    expect(answer.file?.encoding).toBe(encoding);
    expect(answer.rows).toMatchObject([{ campaign, cost: 3.5 }]);
  });

  it('with a first line that names the delimiter', () => {
    expect(booked(lines('sep=;', 'date;source;medium;cost', '2026-11-24;google;cpc;3,50')).costs).toEqual([3.5]);
    expect(
      booked(utf16le(lines('sep=\t', 'date\tsource\tmedium\tcost', '2026-11-24\tgoogle\tcpc\t3.50'))).costs,
    ).toEqual([3.5]);
  });
});

describe('a large file', () => {
  /** A file that counts how many of its bytes were decoded, and the most at a time. */
  class Counted extends Uint8Array<ArrayBuffer> {
    decoded = 0;
    atOnce = 0;
    override subarray(from = 0, to = this.length): Uint8Array<ArrayBuffer> {
      const piece = new Uint8Array(this.buffer, from, Math.max(0, Math.min(to, this.length) - from));
      this.decoded += piece.length;
      this.atOnce = Math.max(this.atOnce, piece.length);
      return piece;
    }
  }
  const row = (i: number) =>
    `2026-03-${String((i % 28) + 1).padStart(2, '0')},google,cpc,Campaign ${i % 500},"1,${100 + (i % 800)}.50"`;

  it.each([10_000, 100_000])(
    'of %i rows is read piece by piece: for its encoding, its days and marks, its rows',
    (n) => {
      const text = lines('date,source,medium,campaign,cost', ...Array.from({ length: n }, (_, i) => row(i)));
      const file = Counted.from(new TextEncoder().encode(text)) as Counted;
      expect(booked(file).added).toBe(n);
      const [sample, piece] = [64 * 1024, 256 * 1024];
      // Three times, and the beginning of it to tell zero bytes, `sep=` and the headings by; a piece is read ahead.
      expect(file.decoded).toBeLessThanOrEqual(3 * file.length + sample + 40 + 2 * piece);
      expect(file.atOnce).toBeLessThanOrEqual(piece);
    },
  );
});
