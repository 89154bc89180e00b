import { fileExists } from '../files.ts';
import { run } from '../process/exec.ts';
import { CTR_NAMESPACE, type Ctr, ctrOf, removeTask } from './ctr.ts';

/** containerd label with the id of the run that started a container. */
export const CONTAINER_LABEL = 'kata-cc.run';

/**
 * Timeout for the removal of a container: it includes the minute for which Kata's shim waits for the agent of a sandbox
 * that it ends.
 */
const REMOVE_TIMEOUT_MS = 180_000;

/**
 * Ends and removes the containers that a killed run left in the host's containerd. Does nothing if the socket does not
 * exist. Rejects with the ids of containers that cannot be removed.
 */
export async function removeOrphanedContainers(socket: string, runId: string): Promise<void> {
  if (!(await fileExists(socket))) return;
  const client: Ctr = {
    run: (args, options) => run([...ctrOf({ ctr: 'ctr', socket }, CTR_NAMESPACE), ...args], options),
  };
  const left = async (): Promise<string[]> => {
    const { stdout } = await client.run(['containers', 'list', '--quiet', `labels."${CONTAINER_LABEL}"==${runId}`]);
    return stdout.split('\n').filter(Boolean);
  };
  const said: string[] = [];
  for (const id of await left()) said.push(...(await removeTask(client, id, { timeoutMs: REMOVE_TIMEOUT_MS })));
  const stay = await left();
  if (stay.length > 0) throw new Error([`containers could not be removed: ${stay.join(', ')}`, ...said].join('\n'));
}
