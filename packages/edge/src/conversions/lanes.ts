/** Works through all of it, so many at a time: a Worker has six connections, and a destination has its own limits. */
export async function inLanes<T>(all: readonly T[], lanes: number, work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const one of rest) await work(one);
    }),
  );
}
