/** A place in a list ordered by time and id, opaque to those who page. */
export interface Place {
  at: number;
  id: string;
}

export function encodeCursor({ at, id }: Place): string {
  return btoa(`${at} ${id}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** @returns null for text that is no cursor of ours */
export function decodeCursor(text: string): Place | null {
  try {
    const [, at, id] = /^(\d+) (.+)$/.exec(atob(text.replaceAll('-', '+').replaceAll('_', '/'))) ?? [];
    return at !== undefined && id !== undefined ? { at: Number(at), id } : null;
  } catch {
    return null;
  }
}
