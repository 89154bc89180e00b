import { access, constants, lstat, readdir, readFile } from 'node:fs/promises';

/** Whether this process can access a path, of whatever kind. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** Whether a path exists; a dangling link does too. Rejects if that cannot be determined. */
export async function isThere(path: string): Promise<boolean> {
  return (await ifThere(lstat(path))) !== undefined;
}

/** The first executable path; `undefined` if there is none. */
export async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return path;
  }
  return undefined;
}

/** Names in a directory; empty if its path does not exist. Rejects if it is a file. */
export async function namesIn(directory: string): Promise<string[]> {
  const reading = readdir(directory);
  const names = await ifThere(reading);
  // ENOTDIR says that the path is a file, as well as that it leads through one.
  return names ?? ((await fileExists(directory)) ? reading : []);
}

/** The text of a file; `undefined` if it does not exist. */
export function readIfThere(file: string): Promise<string | undefined> {
  return ifThere(readFile(file, 'utf8'));
}

/** Result of a file operation; `undefined` if its path does not exist. Rejects for any other failure. */
export function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}
