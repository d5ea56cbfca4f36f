/** The operations of a Durable Object as the Worker calls them: `ledger.reports.report(question)`. */
export type Remote<Operations> = {
  readonly [Subsystem in keyof Operations]: RemoteSubsystem<Operations[Subsystem]>;
};

type RemoteSubsystem<T> = {
  [Name in keyof T]: T[Name] extends (...given: infer Given) => infer Result
    ? (...given: Given) => Promise<Awaited<Result>>
    : never;
};

/** The one method by which an object is asked for anything. */
export interface Runs {
  run(subsystem: string, name: string, given: readonly unknown[]): Promise<unknown>;
}

/**
 * Calls an object's operations by their names, each as one message with one answer. An object handed out for each
 * subsystem would read the same, but the runtime keeps the one behind it awake until it is disposed of.
 */
export function remote<Operations>(object: Runs): Remote<Operations> {
  const operationsOf = (subsystem: string) =>
    new Proxy(
      {},
      {
        get:
          (_, name: string) =>
          (...given: unknown[]) =>
            object.run(subsystem, name, given),
      },
    );
  return new Proxy({} as Remote<Operations>, { get: (_, subsystem: string) => operationsOf(subsystem) });
}

/** Runs an operation by its name: the other end of `remote`. */
export function runOperation(operations: object, subsystem: string, name: string, given: readonly unknown[]): unknown {
  const found = (operations as Record<string, Record<string, (...given: readonly unknown[]) => unknown>>)[subsystem];
  return found?.[name]?.(...given);
}
