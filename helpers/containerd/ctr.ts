import type { ContainerdEndpoint } from '../contract/target.ts';
import { type Finished, type RunOptions, run } from '../process/exec.ts';

/**
 * `ctr` for a containerd in namespaces: it runs in these namespaces, because containerd's fifos and shims are in its
 * mount namespace.
 */
export interface Ctr {
  /**
   * Runs `ctr <arguments>` in the tests' containerd namespace. Rejects with ExecError unless it exits with one of
   * `okCodes`.
   */
  run(args: readonly string[], options?: RunOptions): Promise<Finished>;
}

/** containerd namespace of the tests; it is separate, so that `ctr` lists no other containers. */
export const CTR_NAMESPACE = 'kata-cc';

/** The command line of a `ctr` call that runs in containerd's namespaces. */
export function ctrCommand(
  containerd: Pick<ContainerdEndpoint, 'ctr' | 'initPid' | 'socket'>,
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
  return [...enter, ...ctrOf(containerd, namespace), ...args];
}

/** The first arguments of a ctr call inside containerd's namespaces. */
export function ctrOf(
  { ctr: client, socket }: Pick<ContainerdEndpoint, 'ctr' | 'socket'>,
  namespace: string,
): string[] {
  return [client, '--address', socket, '--namespace', namespace];
}

export function ctr(containerd: ContainerdEndpoint): Ctr {
  return { run: (args, options) => run(ctrCommand(containerd, args), options) };
}

/** Ends a task and removes its container, if they still exist; returns the lines that `ctr` printed on stderr. */
export async function removeTask(
  client: Ctr,
  id: string,
  limit: Pick<RunOptions, 'timeoutMs'> = {},
): Promise<readonly string[]> {
  const task = await client.run(['tasks', 'delete', '--force', id], { okCodes: [0, 1], ...limit });
  const container = await client.run(['containers', 'delete', id], { okCodes: [0, 1], ...limit });
  return [task, container].flatMap(({ stderr }) => stderr.split('\n').filter(Boolean));
}
