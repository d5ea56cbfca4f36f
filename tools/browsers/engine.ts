/** A browser as the core tests need it, however it is driven. */
export interface Engine {
  /** A page of a visitor who has never been here. */
  newVisitor(): Promise<EnginePage>;
  close(): Promise<void>;
}

export interface EnginePage {
  open(address: string): Promise<void>;
  /** The value of an expression in the page; it must be JSON. */
  read<T>(expression: string): Promise<T>;
  close(): Promise<void>;
}
