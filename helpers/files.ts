import { access, constants, lstat, readdir, readFile } from 'node:fs/promises';

/** Whether this process can access a path: a file, a directory, or anything else. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** Whether a path exists; a dangling link counts as existing. Rejects if that cannot be determined. */
export async function isThere(path: string): Promise<boolean> {
  return (await ifThere(lstat(path))) !== undefined;
}

/** The first of the paths that is an executable file; `undefined` if none is. */
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

/** Names in a directory; empty if the directory does not exist. Rejects if the path is a file. */
export async function namesIn(directory: string): Promise<string[]> {
  const reading = readdir(directory);
  const names = await ifThere(reading);
  // The error ENOTDIR has two causes: the path is a file, or the path leads through a file, which means that it does
  // not exist.
  return names ?? ((await fileExists(directory)) ? reading : []);
}

/** The text of a file; `undefined` if the file does not exist. */
export function readIfThere(file: string): Promise<string | undefined> {
  return ifThere(readFile(file, 'utf8'));
}

/** Result of a file operation; `undefined` if the operation's path does not exist. Rejects for any other failure. */
export function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
}

/**
 * The JSON object in a file that this project has written; `undefined` for anything else: a full disk truncates a file,
 * and a power cut leaves it empty or full of zeros.
 */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
}
