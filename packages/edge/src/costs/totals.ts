const TOTAL_WORDS =
  /^(grand total|total general|total geral|total|totals|subtotal|sub-total|gesamt|gesamtsumme|gesamtergebnis|summe|insgesamt|zwischensumme|somme|totaux|totale|totali|totais|totales|totaal|eindtotaal|sum)(\s*[:–-].*)?$/i;

/** Recognizes the label of a totals row, `Total` or `Total: Account`, from names such as `Total Recall`. */
export const isTotalWord = (text: string) => TOTAL_WORDS.test(text.trim());

/** Adds up the amounts of a file, to find the rows that are totals of the others. */
export class Sums {
  readonly #days = new Map<string, { sum: number; rows: number }>();
  #all = { sum: 0, rows: 0 };

  add(day: string, amount: number): void {
    const known = this.#days.get(day) ?? { sum: 0, rows: 0 };
    this.#days.set(day, { sum: known.sum + amount, rows: known.rows + 1 });
    this.#all = { sum: this.#all.sum + amount, rows: this.#all.rows + 1 };
  }

  /** Returns whether an amount is the sum of all rows, or of the rows of its day. */
  isSum(day: string | null, amount: number): boolean {
    const ofDay = day === null ? undefined : this.#days.get(day);
    return fits(this.#all, amount) || (ofDay !== undefined && ofDay.rows > 1 && fits(ofDay, amount));
  }
}

/** Allows for each row being rounded by half a cent. */
function fits({ sum, rows }: { sum: number; rows: number }, amount: number): boolean {
  return rows > 0 && Math.abs(sum - amount) <= Math.min(0.005 * (rows + 1), 0.01 + Math.abs(sum) * 0.001) + 1e-9;
}
