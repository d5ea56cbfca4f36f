/**
 * Rows as JSON parameters: one statement takes any count of rows through `json_each` (D1 takes 100 parameters a
 * statement, and a parameter of at most 2 MB).
 */
const MOST_CHARACTERS = 400_000;

/** The rows in pieces, each of which fits a parameter. */
export function* asParameters(rows: Iterable<unknown>): Generator<string> {
  let piece: string[] = [];
  let length = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    if (piece.length > 0 && length + text.length > MOST_CHARACTERS) {
      yield `[${piece.join(',')}]`;
      piece = [];
      length = 0;
    }
    piece.push(text);
    length += text.length + 1;
  }
  if (piece.length > 0) yield `[${piece.join(',')}]`;
}
