export type Raw = Record<string, SqlStorageValue>;

/** One table's SQL, which nothing outside of `store` sees. */
export class Table {
  protected readonly sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.sql = sql;
  }

  protected all(query: string, ...values: SqlStorageValue[]): Raw[] {
    return this.sql.exec(query, ...values).toArray();
  }

  /** @returns how many rows were written */
  protected run(query: string, ...values: SqlStorageValue[]): number {
    return this.sql.exec(query, ...values).rowsWritten;
  }
}
