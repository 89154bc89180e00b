import { type ContainerdPrograms, programsIn } from '../../helpers/containerd/programs.ts';
import { minimalEnv } from '../../helpers/process/exec.ts';
import type { ConfigFile } from './containerd-config.ts';

/** Directory on this machine for a containerd that replaces the distribution's while the installation stands. */
export const PROGRAMS_DIRECTORY = '/opt/kata-cc/containerd';

/** The programs of that containerd. */
export const INSTALLED_PROGRAMS: ContainerdPrograms = programsIn(PROGRAMS_DIRECTORY);

/** Path of the drop-in of containerd's unit. Source: systemd.unit(5). */
export const DROP_IN = '/etc/systemd/system/containerd.service.d/kata-cc.conf';

/**
 * The drop-in that makes containerd's unit start the programs of {@link PROGRAMS_DIRECTORY}: containerd searches PATH for its shims. It has no arguments, by
 * which the suites recognise it, as the distribution's. `digest` is that of the program: another one makes a restart necessary.
 */
export function ownContainerdUnit(digest: string): ConfigFile {
  const path = `${PROGRAMS_DIRECTORY}:${minimalEnv()['PATH']}`;
  return unit(`# ${digest}\nExecStart=\nExecStart=${INSTALLED_PROGRAMS.containerd}\nEnvironment=PATH=${path}\n`);
}

/** A drop-in without effect, for a later run with the distribution's containerd. */
export function distroContainerdUnit(): ConfigFile {
  return unit('');
}

function unit(settings: string): ConfigFile {
  return { path: DROP_IN, text: `[Service]\n${settings}` };
}
