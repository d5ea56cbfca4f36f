import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api } from '@dialmark/shared';
import { createClient } from '@dialmark/shared/client';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium } from '../tools/browsers/chromium.ts';
import { type Local, startLocal } from '../tools/local.ts';

/** A business by the forms that pages of its country print: as written, and as a visitor is shown them. */
interface Business {
  country: string;
  language: string;
  printed: string;
  given: string;
  texts: readonly (readonly [before: string, after: string])[];
  links: readonly (readonly [before: string, after: string])[];
}

const businesses: readonly Business[] = [
  {
    country: 'AR',
    language: 'es-AR',
    printed: '+5491155550100',
    given: '+5491144440199',
    texts: [
      ['Celular: 011 15-5555-0100', 'Celular: 011 15-4444-0199'],
      ['Llamanos al 15-5555-0100', 'Llamanos al 15-4444-0199'],
      ['WhatsApp +54 9 11 5555-0100', 'WhatsApp +54 9 11 4444-0199'],
      ['(011) 15 5555 0100', '(011) 15 4444 0199'],
      ['Otra sucursal: (0291) 15-555-0100', 'Otra sucursal: (0291) 15-555-0100'],
    ],
    links: [
      ['tel:+5491155550100', 'tel:+5491144440199'],
      ['https://wa.me/5491155550100', 'https://wa.me/5491144440199'],
    ],
  },
  {
    country: 'JP',
    language: 'ja',
    printed: '+81312345678',
    given: '+81398765432',
    texts: [
      ['電話：03-1234-5678', '電話：03-9876-5432'],
      ['TEL 03ー1234ー5678（平日）', 'TEL 03ー9876ー5432（平日）'],
      ['０３（１２３４）５６７８', '０３（９８７６）５４３２'],
      ['03・1234・5678', '03・9876・5432'],
      ['+81 3-1234-5678', '+81 3-9876-5432'],
      ['FAX 03-1234-5679', 'FAX 03-1234-5679'],
    ],
    links: [['tel:0312345678', 'tel:0398765432']],
  },
  {
    country: 'MX',
    language: 'es-MX',
    printed: '+525512345678',
    given: '+525587654321',
    texts: [
      ['Tel. 55 1234 5678', 'Tel. 55 8765 4321'],
      ['Lada sin costo no: 01-55-1234-5678', 'Lada sin costo no: 01-55-8765-4321'],
      ['044 55 1234 5678', '044 55 8765 4321'],
      ['+52 1 55 1234 5678', '+52 1 55 8765 4321'],
      ['Folio 1255123456789', 'Folio 1255123456789'],
    ],
    links: [
      ['tel:+525512345678', 'tel:+525587654321'],
      ['https://wa.me/5215512345678', 'https://wa.me/5215587654321'],
    ],
  },
  {
    country: 'AU',
    language: 'en-AU',
    printed: '+61132227',
    given: '+61139988',
    texts: [
      ['13 CABS', '13 99 88'],
      ['Call 13 22 27 now', 'Call 13 99 88 now'],
      ['+61 132227', '+61 139988'],
      ['In an emergency call 000', 'In an emergency call 000'],
      ['We run 13 cabs in town', 'We run 13 cabs in town'],
    ],
    links: [['tel:132227', 'tel:139988']],
  },
  {
    country: 'BR',
    language: 'pt-BR',
    printed: '+5511912345678',
    given: '+5511987654321',
    texts: [
      ['(11) 91234-5678', '(11) 98765-4321'],
      ['(0xx11) 91234-5678', '(0xx11) 98765-4321'],
      ['0-15-11-91234-5678', '0-15-11-98765-4321'],
      ['+55 11 91234-5678', '+55 11 98765-4321'],
      ['CNPJ 11.912.345/6780-01', 'CNPJ 11.912.345/6780-01'],
    ],
    links: [['https://api.whatsapp.com/send?phone=5511912345678', 'https://api.whatsapp.com/send?phone=5511987654321']],
  },
  {
    country: 'EG',
    language: 'ar',
    printed: '+20227351234',
    given: '+20227359876',
    texts: [
      ['اتصل بنا ٠٢ ٢٧٣٥١٢٣٤', 'اتصل بنا ٠٢ ٢٧٣٥٩٨٧٦'],
      ['هاتف: +٢٠ ٢ ٢٧٣٥١٢٣٤', 'هاتف: +٢٠ ٢ ٢٧٣٥٩٨٧٦'],
      ['02-27351234', '02-27359876'],
      ['طلب ٢٧٣٥١٢٣٤٥', 'طلب ٢٧٣٥١٢٣٤٥'],
    ],
    links: [['tel:+20227351234', 'tel:+20227359876']],
  },
];

const persistTo = mkdtempSync(join(tmpdir(), 'dialmark-'));
let local: Local;
let browser: Browser;
let server: Server;
let origin = '';

beforeAll(async () => {
  local = await startLocal({ persistTo, adminToken: 'countries', workerKey: 'countries', port: 0 });
  server = createServer((request, response) => {
    const business = businesses.find(({ country }) => request.url === `/${country}`);
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(business ? pageOf(business) : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const admin = createClient({ edge: local.edge, token: 'countries' });
  for (const { country, printed, given } of businesses) {
    const site = country.toLowerCase();
    const targets = [{ id: 'main', number: printed, links: { whatsapp: true } }];
    await admin.call(api.putSite, { site, body: { country, origins: [origin], targets } });
    await admin.call(api.addNumbers, { site, body: { numbers: [{ number: given, target: 'main' }] } });
  }
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await local?.stop();
  rmSync(persistTo, { recursive: true, force: true });
});

function pageOf({ country, language, texts, links }: Business): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${country}</title>
<script async src="${local.edge}/s/${country.toLowerCase()}.js"></script></head><body>
${texts.map(([before]) => `<p>${before}</p>`).join('\n')}
${links.map(([before]) => `<a href="${before}">&#x1F4DE;</a>`).join('\n')}
</body></html>`;
}

it.each(businesses)('$country: a page is swapped in the forms its country prints', async (business) => {
  const page = await (await browser.newContext({ locale: business.language })).newPage();
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(`${origin}/${business.country}`);
  const shown = () =>
    page.evaluate(() => ({
      texts: [...document.querySelectorAll('p')].map(({ textContent }) => textContent),
      links: [...document.querySelectorAll('a')].map((link) => link.getAttribute('href')),
    }));
  const after = (pairs: Business['texts']) => pairs.map(([, text]) => text);
  await expect.poll(shown, { timeout: 10_000 }).toEqual({ texts: after(business.texts), links: after(business.links) });
  expect(errors).toEqual([]);
  await page.context().close();
});
