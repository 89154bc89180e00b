import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeOrUndo } from '../../helpers/dispose.ts';
import { readIfThere } from '../../helpers/files.ts';

/**
 * Writes all of these files or none: writes temporary files beside them, then renames. If one rename fails, the files
 * that were already replaced are restored. `texts` are by absolute path.
 */
export async function replaceFiles(texts: ReadonlyMap<string, string>): Promise<void> {
  const undo = new AsyncDisposableStack();
  const temporary = (path: string): string => `${path}.${process.pid}.new`;
  const replace = async (): Promise<void> => {
    for (const [path, text] of texts) {
      const made = await mkdir(dirname(path), { recursive: true });
      if (made !== undefined) undo.defer(() => rm(made, { recursive: true, force: true }));
      undo.defer(() => rm(temporary(path), { force: true }));
      await writeFile(temporary(path), text, { flag: 'wx' });
    }
    for (const path of texts.keys()) {
      const before = await readIfThere(path);
      undo.defer(() => (before === undefined ? rm(path, { force: true }) : writeFile(path, before)));
      await rename(temporary(path), path);
    }
  };
  await makeOrUndo(replace, () => undo.disposeAsync());
}
