import { chmod, copyFile, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { run } from '../../../helpers/process/exec.ts';
import { projectPath } from '../../project.ts';
import type { ArtefactStep } from '../../step.ts';
import { packages } from '../packages.ts';
import { initrd } from './initrd.ts';

const IMAGE = 'initrd.cpio';
const SCRIPT = projectPath('setup/guest/measured-init.sh');

/**
 * Step that builds the initrd of a guest with a measured root file system and a distribution's kernel: the guest's usual initrd with another
 * init and with dmsetup, which creates the device of dm-mod.create=. The kernel unpacks archives one behind the other.
 */
export const measuredInitrd: ArtefactStep = {
  kind: 'artefact',
  id: 'measured-initrd',
  module: import.meta.url,
  title: 'initrd of measured guests',
  feature: 'measured rootfs',
  needs: () => [packages, initrd],
  timeoutMs: 60_000,
  inputs: (_config, host) => ({ files: { dmsetup: host.tools.dmsetup } }),
  async make(directory, { host, result, signal }) {
    const root = join(directory, 'root');
    const dmsetup = host.tools.dmsetup ?? '';
    const add = async (from: string, to: string): Promise<void> => {
      await mkdir(dirname(join(root, to)), { recursive: true });
      await copyFile(from, join(root, to));
      await chmod(join(root, to), 0o755);
    };
    await add(SCRIPT, 'init');
    await add(dmsetup, 'bin/dmsetup');
    for (const library of librariesOf((await run(['ldd', dmsetup], { signal })).stdout)) await add(library, library);
    await symlink('busybox', join(root, 'bin/modprobe'));
    // Where modprobe looks for the modules that guests load on demand.
    await symlink('/later/lib/modules', join(root, 'lib/modules'));
    const pack =
      'find . -exec touch -h -d @0 {} + && { cat "$1" && find . | sort | cpio --quiet --reproducible -R 0:0 -o -H newc; } > "$2"';
    await run(['sh', '-c', pack, 'pack', result(initrd), join(directory, IMAGE)], { cwd: root, signal });
    await rm(root, { recursive: true });
  },
  read: (directory) => join(directory, IMAGE),
};

/** Paths of a program's libraries, its interpreter among them, in the output of ldd. */
export function librariesOf(output: string): readonly string[] {
  return [...output.matchAll(/(?:^\s*|=> )(\/\S+)/gm)].map(([, path = '']) => path);
}
