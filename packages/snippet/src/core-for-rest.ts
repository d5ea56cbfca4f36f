/** Exports for the rest of the script: the build fills it in, and the rest brings none of it again. */
export const CORE: readonly unknown[] = [];
