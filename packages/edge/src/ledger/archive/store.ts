import type { Env } from '../../env.ts';

/** Where the archive's files are kept. Each method may be repeated. */
export interface ArchiveStore {
  /** Writes a file as a whole: until it is there, what was there before is. */
  put(key: string, bytes: ReadableStream<Uint8Array>): Promise<void>;
  remove(key: string): Promise<void>;
  /** Removes all files of a folder. */
  removeAll(folder: string): Promise<void>;
}

/** Returns the deployment's archive; null where it keeps none. */
export function archiveOf({ ARCHIVE, ARCHIVE_FOLDER }: Pick<Env, 'ARCHIVE' | 'ARCHIVE_FOLDER'>): ArchiveStore | null {
  if (ARCHIVE) return inBucket(ARCHIVE);
  return ARCHIVE_FOLDER ? inFolder(ARCHIVE_FOLDER) : null;
}

function inBucket(bucket: R2Bucket): ArchiveStore {
  return {
    async put(key, bytes) {
      await bucket.put(key, bytes);
    },
    remove: (key) => bucket.delete(key),
    async removeAll(folder) {
      for (;;) {
        // A thousand at once, as many as one call deletes.
        const { objects } = await bucket.list({ prefix: folder });
        if (objects.length === 0) return;
        await bucket.delete(objects.map(({ key }) => key));
      }
    },
  };
}

/** On a machine of one's own the runtime that holds the Worker writes the files (tools/archive-folder.ts). */
function inFolder(folder: Fetcher): ArchiveStore {
  const ask = async (method: 'PUT' | 'DELETE', key: string, body?: ReadableStream<Uint8Array>) => {
    const response = await folder.fetch(`http://archive/${key}`, { method, ...(body ? { body } : {}) });
    const said = await response.text();
    if (!response.ok) throw new Error(`The archive's folder answered ${response.status}: ${said}`);
  };
  return {
    put: (key, bytes) => ask('PUT', key, bytes),
    remove: (key) => ask('DELETE', key),
    removeAll: (name) => ask('DELETE', name),
  };
}
