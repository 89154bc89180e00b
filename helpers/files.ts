import { access } from 'node:fs/promises';

/** Whether a path is there (whatever it is), for the user we are. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
