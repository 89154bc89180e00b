import { type Finished, type RunOptions, run } from './exec.ts';
import type { ContainerdEndpoint } from './target.ts';

/** containerd's own client, run where containerd is: its fifos and shims are in that mount namespace. */
export interface Ctr {
  /** `ctr <arguments>` in the namespace of the tests. Rejects with ExecError unless it exits with 0 or one of `okCodes`. */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
}

/** containerd namespace of everything we start; one of our own, so that `ctr` lists nothing else. */
export const CTR_NAMESPACE = 'kata-cc';

/** The command line of a ctr call. */
export function ctrCommand(
  containerd: Pick<ContainerdEndpoint, 'initPid' | 'socket'>,
  args: readonly string[],
  namespace = CTR_NAMESPACE,
): string[] {
  const enter = [
    'nsenter',
    `--target=${containerd.initPid}`,
    '--mount',
    '--pid',
    '--ipc',
    '--uts',
    '--net',
    '--cgroup',
    '--',
  ];
  return [...enter, ...ctrOf(containerd.socket, namespace), ...args];
}

/** The start of a ctr call for whoever is where containerd is. */
export function ctrOf(socket: string, namespace: string): string[] {
  return ['ctr', '--address', socket, '--namespace', namespace];
}

export function ctr(containerd: ContainerdEndpoint): Ctr {
  return { run: (args, options) => run(ctrCommand(containerd, args), options) };
}
