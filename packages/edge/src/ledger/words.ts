/** The text that reports show for a missing value; word 0. */
export const NONE = '(none)';

/** Words known without asking. Of a site with more of them the oldest known are asked for again. */
const KNOWN_MAX = 20_000;

/** Numbers for texts that many rows share. */
export class Words {
  readonly #sql: () => SqlStorage;
  #ids = new Map<string, number>();

  /** @param sql the database, once its tables exist */
  constructor(sql: () => SqlStorage) {
    this.#sql = sql;
  }

  /** Returns a text's number, giving it one if it has none; null stays null. */
  idOf(text: string): number;
  idOf(text: string | null): number | null;
  idOf(text: string | null): number | null {
    if (text === null) return null;
    const known = this.find(text);
    if (known !== undefined) return known;
    const { id } = this.#sql().exec<{ id: number }>('INSERT INTO words (text) VALUES (?) RETURNING id', text).one();
    this.#remember(text, id);
    return id;
  }

  /** Returns a text's number; undefined where no row has it. */
  find(text: string): number | undefined {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const [row] = this.#sql().exec<{ id: number }>('SELECT id FROM words WHERE text = ?', text).toArray();
    if (row) this.#remember(text, row.id);
    return row?.id;
  }

  /** Returns the texts of many numbers. */
  textsOf(ids: readonly number[]): Map<number, string> {
    const rows = this.#sql().exec<{ id: number; text: string }>(
      'SELECT id, text FROM words WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(ids),
    );
    return new Map([...rows].map(({ id, text }) => [id, text]));
  }

  /** A transaction was undone, and with it numbers that were given in it. */
  reset(): void {
    this.#ids.clear();
  }

  #remember(text: string, id: number): void {
    if (this.#ids.size >= KNOWN_MAX) this.#ids.clear();
    this.#ids.set(text, id);
  }
}
