import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from './files.ts';
import { unmountIfMounted } from './namespace/mounts.ts';

/**
 * Removes a directory and all below it, as far as they have no entries other than directories. A mount on an empty directory is unmounted.
 * Does nothing if the directory does not exist.
 */
export async function removeEmptyDirectories(directory: string): Promise<void> {
  const entries = (await ifThere(readdir(directory, { withFileTypes: true }))) ?? [];
  for (const entry of entries) if (entry.isDirectory()) await removeEmptyDirectories(join(directory, entry.name));
  try {
    await rmdir(directory);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!['EBUSY', 'ENOENT', 'ENOTEMPTY'].includes(code)) throw error;
    if (code !== 'EBUSY' || (await readdir(directory)).length > 0) return;
    // `ip netns` and runtime-rs mount /run/netns on itself.
    await unmountIfMounted(directory);
    await rmdir(directory);
  }
}
