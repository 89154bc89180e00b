import { access, constants, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether the cache, or a directory in it, exists but is not readable by this process: its artefacts are then unknown. */
export async function isCacheHidden(cacheDir: string): Promise<boolean> {
  if (await isHidden(cacheDir)) return true;
  const entries = await readdir(cacheDir, { withFileTypes: true }).catch(() => []);
  const kinds = entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(cacheDir, name));
  return (await Promise.all(kinds.map(isHidden))).includes(true);
}

async function isHidden(directory: string): Promise<boolean> {
  try {
    await access(directory, constants.R_OK | constants.X_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}
