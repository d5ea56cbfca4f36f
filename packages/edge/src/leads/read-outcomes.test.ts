import { momentIn, type OutcomesQuery } from '@dialmark/shared';
import { describe, expect, it } from 'vitest';
import { readOutcomeFile } from './read-outcomes.ts';
import { readStage } from './stage-words.ts';

const BOOKS = { timeZone: 'America/New_York', currency: 'USD' };

function read(file: string, query: OutcomesQuery = {}) {
  const answer = readOutcomeFile(new TextEncoder().encode(file), query, BOOKS);
  return 'rejected' in answer ? answer.rejected.code : [...answer.rows];
}

const FILES: [name: string, file: string, query?: OutcomesQuery][] = [
  [
    'the contract',
    'id,phone,email,call,lead,at,stage,value,currency\njob-1,(212) 555-0123,,,,2026-01-05,won,1800,USD\n',
  ],
  [
    'HubSpot',
    'Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Associated Contact,Phone Number,Email\n' +
      '991,Roof Ana,Closed Won,2026-01-05 16:30,Bo,"1,800.00",Ana (ana@x.example),212-555-0123,ana@x.example\n',
  ],
  [
    'Salesforce',
    '"Opportunity ID","Opportunity Name","Stage","Close Date","Amount","Amount Currency","Mobile","Phone"\n' +
      '"0065g00000ABCDE","Roof","Closed Won","1/15/2026","1800","USD","","+1 212 555 0123"\n',
  ],
  [
    "Salesforce's interface",
    'Id,StageName,CloseDate,Amount,CurrencyIsoCode,MobilePhone\n0065g,Closed Won,2026-01-05,1800.0,USD,2125550123\n',
  ],
  [
    'Jobber',
    'Job #,Client name,Client email,Client phone,Created date,Scheduled start date,Closed date,Status,Total ($)\n' +
      '57,Ana Lopez,ana@x.example,(212) 555-0123,"Jan 02, 2026","Jan 04, 2026","Jan 05, 2026",Requires Invoicing,"1,800.00"\n' +
      'Total,,,,,,,,"1,800.00"\n',
  ],
  [
    'Housecall Pro',
    'Invoice Number,HCP Id,Created At,Date,End Time,Customer,Email,Mobile Phone,Home Phone,Job Status,Job Amount\n' +
      '57-1,x,01/02/2026,01/15/2026 10:00 AM,01/15/2026 12:00 PM,Ana,,,(212) 555-0123,Complete rated,"$1,800.00"\n',
  ],
  [
    'ServiceTitan',
    'Jobs Report\nGenerated 01/20/2026\nJob Number,Customer Name,Customer Phone,Status,Completion Date,Jobs Total Revenue\n' +
      '123456,Ana Lopez,2125550123,Completed,01/15/2026,"$1,800.00"\n',
  ],
  [
    'a list of invoices',
    'Rechnungsnummer;Telefon;Datum;Betrag\nR-1;+1 212 555 0123;15.01.2026;1.800,00\n',
    { stage: 'won' },
  ],
  [
    'a spreadsheet',
    'Name\tMobile\tE-mail\tDate\tStatus\tAmount\tJob id\nAna\t2125550123\t\t15-Jan-26\tPaid\t1800\t9\n',
  ],
];

describe('a file of outcomes', () => {
  it.each(FILES)('is read as %s writes it', (_, file, query = {}) => {
    const rows = read(file, query);
    expect(rows).toHaveLength(1);
    expect(rows).toMatchObject([{ row: { stage: 'won', value: 1800 } }]);
    const [{ row }] = rows as unknown as [{ row: { id: string; phone: string } }];
    expect(row.id).toMatch(/^\S+$/);
    expect(row.phone.replace(/\D/g, '').replace(/^1/, '')).toBe('2125550123');
  });

  it.each([
    ['2026-01-05', '2026-01-05T23:59:59.999'],
    ['2026-01-05 16:30', '2026-01-05T16:30:00'],
    ['01/15/2026 10:00 AM', '2026-01-15T10:00:00'],
    ['2026-01-05T16:30:00-05:00', '2026-01-05T16:30:00'],
    ['"Jan 5, 2026"', '2026-01-05T23:59:59.999'],
  ])('means %s as a clock in the zone of the site shows it', (at, shown) => {
    const rows = read(`id,phone,at,stage\na,2125550123,${at},won\n`);
    expect(rows).toMatchObject([
      { at: Math.round(momentIn(shown.slice(0, 19), BOOKS.timeZone)) + (shown.length > 19 ? 999 : 0) },
    ]);
  });

  it('takes the first telephone number that a row has, and leaves names that only look like ids of leads', () => {
    expect(read('Lead,Phone,Mobile,Job #,Date,Status\nAna,,2125550123,7,2026-01-05,Paid\n')).toMatchObject([
      { line: 2, row: { id: '7', phone: '2125550123', lead: null } },
    ]);
    expect(read('lead,id,at,stage\nl_1,7,2026-01-05,won\n')).toMatchObject([{ row: { lead: 'l_1' } }]);
  });

  it.each([
    ['name,color\nAna,red\n', {}, 'heading_not_found'],
    ['id,phone,at,value\na,2125550123,2026-01-05,1\n', {}, 'source_required'],
    ['id,phone,at,stage\na,2125550123,01/02/2026,won\n', {}, 'dates_ambiguous'],
    ['id,phone,at,stage\na,2125550123,13/02/2026,won\nb,2125550123,02/13/2026,won\n', {}, 'dates_mixed'],
    ['id,phone,at,stage,betrag\na,2125550123,2026-01-05,won,"1,234"\n', {}, 'decimals_ambiguous'],
    ['id,phone,at,stage,value (EUR)\na,2125550123,2026-01-05,won,1\n', {}, 'currency_mismatch'],
    ['id,phone,at,stage\n"a,2125550123\n', {}, 'quote_not_closed'],
    ['PK\u0003\u0004', {}, 'not_a_table'],
  ])('is refused as a whole where it cannot be read safely: %j', (file, query, code) => {
    expect(read(file, query)).toBe(code);
  });
});

describe('a stage', () => {
  it.each([
    ['Closed Won', 'won'],
    ['closedwon', 'won'],
    ['Complete (unrated)', 'won'],
    ['PAID', 'won'],
    ['Closed Lost', 'lost'],
    ['pro_canceled', 'lost'],
    ['Appointment Scheduled', 'booked'],
    ['Proposal/Price Quote', 'qualified'],
    ['Qualified To Buy', 'qualified'],
    ['Open - Not Contacted', 'new'],
    ['Gewonnen', 'won'],
    ['Annulé', 'lost'],
    ['whatever', null],
    ['won or lost', null],
  ])('is read from %s', (text, stage) => {
    expect(readStage(text)).toBe(stage);
  });
});
