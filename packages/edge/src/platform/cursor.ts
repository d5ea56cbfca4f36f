/** A place in a list ordered by time and id, opaque to those who page. */
export interface Place {
  at: number;
  id: string;
}

export function encodeCursor({ at, id }: Place): string {
  return btoa(`${at} ${id}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The part of a list that is read: at most so many of what comes after a place. */
export interface Part {
  after: Place | null;
  limit: number;
}

/** As parameters of a statement: the smallest possible value means no place. */
export function boundsOf({ after, limit }: Part): [at: number, id: string, limit: number] {
  return [after?.at ?? -1, after?.id ?? '', limit];
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
