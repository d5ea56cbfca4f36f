import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Finds needles in the files under a folder, byte for byte: databases, their logs, and whatever else is there. */
export function bytesOnDisk(folder: string, needles: readonly (string | Buffer)[]): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      return needles.filter((needle) => bytes.includes(needle)).map((needle) => `${needle} in ${entry.name}`);
    });
}
