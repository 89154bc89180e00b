import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './process/exec.ts';
import { inTemporaryDirectory } from './temporary-directory.ts';

const PREFIX = join(tmpdir(), 'kata-cc-temporary-');

test('inTemporaryDirectory removes the directory once the work is done', async () => {
  const directory = await inTemporaryDirectory(PREFIX, async (made) => {
    await writeFile(join(made, 'file'), '');
    return made;
  });
  await expect(readdir(directory)).rejects.toThrow(/ENOENT/);
});

test('inTemporaryDirectory rejects with the error of the work, also when the directory cannot be removed', async () => {
  let mount = '';
  const failing = inTemporaryDirectory(PREFIX, async (made) => {
    mount = join(made, 'mount');
    await mkdir(mount);
    await run(['mount', '--types', 'tmpfs', 'tmpfs', mount]);
    throw new Error('the cause');
  });
  try {
    await expect(failing).rejects.toThrow(/^the cause\nand undoing it failed: EBUSY/);
  } finally {
    await run(['umount', mount]);
    await run(['rm', '--recursive', dirname(mount)]);
  }
});
