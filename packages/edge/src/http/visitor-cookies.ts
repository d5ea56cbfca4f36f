/** `visitor~session~second of the last activity`, as the snippet writes it: nothing that a header could be split by. */
const VALUE = /^[\w.-]{1,128}~[\w.-]{1,128}~\d{1,12}$/;

/** Reads a site's visitor cookies. There are several if some were set for a host and some for its domain. */
export function visitorCookies(site: string, header: string | null): string[] {
  const start = `dialmark_${site}=`;
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(start))
    .map((pair) => pair.slice(start.length))
    .filter((value) => VALUE.test(value))
    .slice(0, 5);
}
