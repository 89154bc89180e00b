import { chmod, copyFile, cp, mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists } from '../../../helpers/files.ts';
import { run } from '../../../helpers/process/exec.ts';
import { projectPath } from '../../project.ts';
import type { ArtefactStep } from '../../step.ts';
import { kernel } from '../kernel/kernel.ts';

const IMAGE = 'initrd.cpio';

const SCRIPTS = { init: projectPath('setup/guest/init.sh'), start: projectPath('setup/guest/start.sh') } as const;

/** Busybox applets that the guest's init.sh calls. */
const APPLETS = ['cp', 'insmod', 'mkdir', 'mount', 'poweroff', 'sed', 'sh', 'switch_root', 'tr', 'usleep'] as const;

/**
 * Step that builds the guest's initrd: busybox, kernel modules, and the two scripts that start a guest. The initrd is
 * not compressed, so that it boots faster.
 */
export const initrd: ArtefactStep = {
  kind: 'artefact',
  id: 'initrd',
  module: import.meta.url,
  title: 'guest initrd',
  needs: () => [kernel],
  timeoutMs: 60_000,
  inputs: (_config, host) => ({
    files: { busybox: host.tools.busybox },
  }),
  async make(directory, { host, result, signal }) {
    const root = join(directory, 'root');
    for (const name of ['bin', 'dev', 'proc', 'sys', 'layers', 'writes', 'root']) {
      await mkdir(join(root, name), { recursive: true });
    }
    await copyFile(host.tools.busybox ?? '', join(root, 'bin/busybox'));
    for (const applet of APPLETS) await symlink('busybox', join(root, 'bin', applet));
    await copyFile(SCRIPTS.init, join(root, 'init'));
    await copyFile(SCRIPTS.start, join(root, 'start.sh'));
    for (const file of ['bin/busybox', 'init', 'start.sh']) await chmod(join(root, file), 0o755);
    const { directory: made } = result(kernel);
    for (const name of ['modules', 'modules.order', 'later']) {
      if (await fileExists(join(made, name))) await cp(join(made, name), join(root, name), { recursive: true });
    }
    const pack =
      'find . -exec touch -h -d @0 {} + && find . | sort | cpio --quiet --reproducible -R 0:0 -o -H newc > "$1"';
    await run(['sh', '-c', pack, 'pack', join(directory, IMAGE)], { cwd: root, signal });
    await rm(root, { recursive: true });
  },
  read: (directory) => join(directory, IMAGE),
};
