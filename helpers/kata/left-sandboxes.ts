import { rm } from 'node:fs/promises';
import { run } from '../exec.ts';
import { namesIn } from '../files.ts';
import { sendSignal } from '../process.ts';
import { ownNetwork, removeNetwork } from './left-network.ts';
import { SANDBOX_DIR, SHARED_DIR, VM_DIR } from './sandbox.ts';
import { sandboxTraces } from './traces.ts';

/** Ids of all sandboxes that have a directory on this machine, whether they run or not; sorted. */
export async function sandboxIds(): Promise<readonly string[]> {
  const found = await Promise.all([SANDBOX_DIR, VM_DIR, SHARED_DIR].map(namesIn));
  return [...new Set(found.flat())].sort();
}

/**
 * Unmounts and removes what a sandbox has left whose shim and virtual machine are gone. Kata forgets a sandbox whose start
 * it gave up, or whose shim was killed: its mounts and its network stay until the machine is restarted. One that runs is
 * left alone.
 *
 * @returns whether the sandbox was gone.
 */
export async function removeLeftSandbox(id: string): Promise<boolean> {
  const { directories, fileServers, hypervisors, mounts, shims } = await sandboxTraces(id);
  if (shims.length + hypervisors.length > 0) return false;
  const network = await ownNetwork(id);
  for (const { pid } of fileServers) sendSignal(pid, 'SIGKILL');
  for (const point of [...mounts].reverse()) await run(['umount', point]);
  if (network !== undefined) await removeNetwork(network);
  for (const path of directories) await rm(path, { recursive: true, force: true });
  return true;
}
