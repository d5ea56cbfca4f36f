/** A place in a configuration: `targets.0.number`. */
export type Path = string;

/** The configuration while it is being changed. */
export interface Draft {
  get(path: Path): unknown;
  set(path: Path, value: unknown): void;
  /** The API's error at that path. */
  error(path: Path): string | undefined;
}

/** Returns the value at a path; undefined if there is none. */
export function at(tree: unknown, path: Path): unknown {
  return path
    .split('.')
    .reduce<unknown>((node, step) => (node as Record<string, unknown> | null | undefined)?.[step], tree);
}

/** Returns the tree with another value at a place; everything beside it stays the same object. */
export function withAt<T>(tree: T, path: Path, value: unknown): T {
  const [step = '', ...rest] = path.split('.');
  const inner =
    rest.length > 0
      ? withAt((tree as Record<string, unknown> | null | undefined)?.[step] ?? {}, rest.join('.'), value)
      : value;
  if (Array.isArray(tree)) return tree.map((each, i) => (String(i) === step ? inner : each)) as T;
  return { ...(tree as object), [step]: inner } as T;
}
