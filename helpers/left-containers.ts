import { CTR_NAMESPACE, type Ctr, ctrOf, removeTask } from './ctr.ts';
import { run } from './exec.ts';
import { fileExists } from './files.ts';

/** containerd label of a container that a run of the suites has started: the id of that run. */
export const CONTAINER_LABEL = 'kata-cc.run';

/** Ending a sandbox includes waiting for its agent, which Kata's shim does for a minute. */
const REMOVE_TIMEOUT_MS = 180_000;

/**
 * Ends and removes the containers that a run has left in a containerd of this machine. Where none listens there are none.
 * Rejects with their ids when some cannot be removed.
 */
export async function removeLeftContainers(socket: string, runId: string): Promise<void> {
  if (!(await fileExists(socket))) return;
  const client: Ctr = { run: (args, options) => run([...ctrOf(socket, CTR_NAMESPACE), ...args], options) };
  const left = async (): Promise<string[]> => {
    const { stdout } = await client.run(['containers', 'list', '--quiet', `labels."${CONTAINER_LABEL}"==${runId}`]);
    return stdout.split('\n').filter(Boolean);
  };
  const said: string[] = [];
  for (const id of await left()) said.push(...(await removeTask(client, id, { timeoutMs: REMOVE_TIMEOUT_MS })));
  const stay = await left();
  if (stay.length > 0) throw new Error([`containers stay: ${stay.join(', ')}`, ...said].join('\n'));
}
