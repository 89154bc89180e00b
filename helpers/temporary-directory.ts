import { mkdtemp, rm } from 'node:fs/promises';
import { makeOrUndo } from './dispose.ts';

/**
 * Runs `work` in a new directory (`prefix` and six letters) and removes the directory. An error of the removal never
 * replaces one of `work`.
 */
export async function inTemporaryDirectory<T>(prefix: string, work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(prefix);
  const remove = (): Promise<void> => rm(directory, { recursive: true, force: true });
  const result = await makeOrUndo(() => work(directory), remove);
  await remove();
  return result;
}
