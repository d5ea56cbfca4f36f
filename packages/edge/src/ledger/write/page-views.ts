/**
 * A visit's page views as its row keeps them: a JSON list in their order, of `[address, milliseconds after the start]`,
 * the address as a path where it begins as the landing page does. `0` stands for the landing page itself at the start;
 * a visit of that alone keeps no list.
 */
export function packViews(
  views: readonly { url: string; at: number }[],
  landingPage: string | null,
  startedAt: number,
): string | null {
  const origin = originOf(landingPage);
  const packed = views.map(({ url, at }, index) => {
    if (index === 0 && url === landingPage && at === startedAt) return 0;
    return [origin !== '' && url.startsWith(`${origin}/`) ? url.slice(origin.length) : url, at - startedAt];
  });
  return packed.length === 1 && packed[0] === 0 ? null : JSON.stringify(packed);
}

/** The page views in a visit's row. */
export function unpackViews(
  packed: string | null,
  landingPage: string | null,
  startedAt: number,
): { url: string; at: number }[] {
  const origin = originOf(landingPage);
  return (JSON.parse(packed ?? '[0]') as (0 | [string, number])[]).map((view) => {
    if (view === 0) return { url: landingPage ?? '', at: startedAt };
    const [address, after] = view;
    return { url: address.startsWith('/') ? origin + address : address, at: startedAt + after };
  });
}

/** The part of an address before its path; nothing where it has no path. */
function originOf(url: string | null): string {
  return /^[a-z]+:\/\/[^/]*(?=\/)/i.exec(url ?? '')?.[0] ?? '';
}
