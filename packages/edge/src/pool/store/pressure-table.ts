import { Table } from './table.ts';

/** Visits that found too few free numbers, by hour and target. */
export class PressureTable extends Table {
  #isNew = false;

  /** Returns whether any was counted since this was last asked. */
  takeNew(): boolean {
    const isNew = this.#isNew;
    this.#isNew = false;
    return isNew;
  }

  count(hour: number, target: string, kind: 'exhausted' | 'shared' | 'early'): void {
    this.#isNew = true;
    this.run(
      `INSERT INTO pressure (hour, target, exhausted, shared, early) VALUES (?1, ?2, ?3, ?4, ?5)
       ON CONFLICT (hour, target) DO UPDATE SET exhausted = exhausted + ?3, shared = shared + ?4, early = early + ?5`,
      hour,
      target,
      kind === 'early' ? 0 : 1,
      kind === 'shared' ? 1 : 0,
      kind === 'early' ? 1 : 0,
    );
  }

  since(hour: number): { hour: number; target: string; exhausted: number; shared: number; early: number }[] {
    return this.all('SELECT hour, target, exhausted, shared, early FROM pressure WHERE hour >= ?', hour) as never;
  }
}
