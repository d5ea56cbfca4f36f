import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A business's own web site on another origin than the edge: two pages with the tag in their head.
 *
 * @param more what stands at their end
 */
export async function serveBusinessSite(script: () => string, more = ''): Promise<{ origin: string; close(): void }> {
  const page = (title: string) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>
<script async src="${script()}"></script>
<script type="application/ld+json">{"@type":"LocalBusiness","telephone":"+1-415-555-0100"}</script></head><body>
<header><a id="header" href="tel:+14155550100">(415) 555-0100</a></header>
<h1>${title}</h1>
<p id="body">Ring 415.555.0100 today, or 415-555-0100 tomorrow.</p>
<p><a id="bare" href="tel:415-555-0100">Call us</a> <a id="next" href="/contact">Contact</a></p>
<p id="other">Order 4155550100123, fax (415) 555-0199.</p>
<footer id="footer">Acme Roofing, +1 415 555 0100</footer>${more}</body></html>`;
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(page(request.url?.startsWith('/contact') ? 'Contact' : 'Roofs'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
