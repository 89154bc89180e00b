import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { namesIn } from '../files.ts';
import { unmount } from '../mounts.ts';
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
  // What Kata wrote down of the sandbox goes last: its network is named nowhere else.
  const record = join(SANDBOX_DIR, id);
  for (const { pid } of fileServers) sendSignal(pid, 'SIGKILL');
  for (const mount of [...mounts].reverse()) await unmount(mount);
  for (const path of directories) if (path !== record) await rm(path, { recursive: true, force: true });
  const network = await ownNetwork(id);
  if (network !== undefined) await removeNetwork(network);
  await rm(record, { recursive: true, force: true });
  return true;
}

/** What became of sandboxes whose remains were to go. */
export interface Removal {
  /** Ids of those that run, and were left alone. */
  readonly running: readonly string[];
  /** What could not be removed, a line each. */
  readonly problems: readonly string[];
}

/** Removes what each of these sandboxes has left. One that cannot be removed does not keep the others. */
export async function removeLeftSandboxes(ids: readonly string[]): Promise<Removal> {
  const running: string[] = [];
  const problems: string[] = [];
  for (const id of ids) {
    try {
      if (!(await removeLeftSandbox(id))) running.push(id);
    } catch (error) {
      problems.push(`sandbox ${id}: ${messageOf(error)}`);
    }
  }
  return { running, problems };
}
