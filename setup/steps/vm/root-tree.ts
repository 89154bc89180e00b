import { chmod, copyFile, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../../helpers/process/exec.ts';
import { projectPath } from '../../project.ts';

/** Merges the layers of a guest's root file system, disk images, into a new directory; the last layer is on top. */
export async function mergeLayers(layers: readonly string[], root: string, signal: AbortSignal): Promise<void> {
  await mkdir(root);
  const tree = `${root}-layer`;
  for (const layer of layers) {
    await run(['fsck.erofs', `--extract=${tree}`, '--preserve', layer], { signal });
    await run(['cp', '--archive', '--no-target-directory', tree, root], { signal });
    await rm(tree, { recursive: true });
  }
}

/**
 * Completes the root file system of a guest whose kernel mounts it: adds what the packages' scripts would have created, and our init
 * scripts.
 */
export async function completeTree(root: string): Promise<void> {
  for (const name of ['run', 'lock']) {
    await rm(join(root, 'var', name), { recursive: true, force: true });
    await symlink(name === 'run' ? '/run' : '/run/lock', join(root, 'var', name));
  }
  for (const [from, to] of [
    [projectPath('setup/guest/kata-init.sh'), 'init'],
    [projectPath('setup/guest/start.sh'), 'start-guest'],
  ] as const) {
    await rm(join(root, 'usr/sbin', to), { force: true });
    await copyFile(from, join(root, 'usr/sbin', to));
    await chmod(join(root, 'usr/sbin', to), 0o755);
  }
}
