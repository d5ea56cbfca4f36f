/** What the rest of the script uses of this part: the build fills it in, and the rest brings none of it again. */
export const CORE: readonly unknown[] = [];
