import { originAllowed, SECOND, type ServedPage } from '@dialmark/shared';
import { addressError } from '../platform/public-address.ts';

const TIMEOUT_MS = 10 * SECOND;
const MOST_BYTES = 2_000_000;
const MOST_REDIRECTS = 5;

/** The rules of which pages may be fetched, and from where. */
export interface PageReading {
  /** The site's: nothing else is ever asked, whatever a page redirects to. */
  origins: readonly string[];
  /** Pages on this machine count too: tests and `npm start`. */
  local: boolean;
  fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** Returns why a page may not be asked for; null if it may. Old sites speak plain http; hosts are as for webhooks. */
export function pageError(address: string, { origins, local }: Omit<PageReading, 'fetch'>): string | null {
  if (!URL.canParse(address)) return 'must be an address such as https://acme.example/contact';
  const { origin, protocol } = new URL(address);
  if (!/^https?:$/.test(protocol)) return 'must begin with https:// or http://';
  if (!originAllowed(origins, origin)) return `is not on one of the site's addresses`;
  return addressError(local ? address : address.replace(/^http:/i, 'https:'), local);
}

/** Fetches a page as a visitor's browser would get it. Never throws; the caller has checked `pageError` first. */
export async function readPage(address: string, reading: PageReading): Promise<ServedPage> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  let url = address;
  const nothing = (status: number | null, error: string): ServedPage => {
    return { url, status, error, html: null, contentSecurityPolicy: null };
  };
  try {
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const response = await reading.fetch(url, {
        redirect: 'manual',
        signal,
        headers: { Accept: 'text/html', 'User-Agent': 'Mozilla/5.0 (compatible; Dialmark page check)' },
      });
      const to = response.headers.get('Location');
      if (response.status >= 300 && response.status < 400 && to !== null) {
        await response.body?.cancel();
        const next = URL.canParse(to, url) ? new URL(to, url).href : to;
        if (pageError(next, reading))
          return nothing(response.status, `redirects to ${next}, which is not one of the site's addresses`);
        url = next;
        continue;
      }
      const isHtml = /html/i.test(response.headers.get('Content-Type') ?? '');
      if (!isHtml) await response.body?.cancel();
      return {
        url,
        status: response.status,
        error: isHtml ? null : 'The response is not an HTML page.',
        html: isHtml ? await firstOf(response, MOST_BYTES) : null,
        contentSecurityPolicy: response.headers.get('Content-Security-Policy'),
      };
    }
    return nothing(null, 'It redirects in a loop.');
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    return nothing(null, late ? 'It did not respond within ten seconds.' : 'The address is not responding.');
  }
}

/** Returns the beginning of a body as text. */
async function firstOf(response: Response, most: number): Promise<string> {
  const charset = /charset="?([\w-]+)/i.exec(response.headers.get('Content-Type') ?? '')?.[1] ?? 'utf-8';
  const decoder = decoderOf(charset);
  let text = '';
  let left = most;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.length;
    if (left <= 0) break;
  }
  return text + decoder.decode();
}

function decoderOf(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}
