import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { namesIn } from '../files.ts';
import { unmount } from '../namespace/mounts.ts';
import { sendSignal } from '../process/process.ts';
import { ownNetwork, removeNetwork } from './orphaned-network.ts';
import { SANDBOX_DIRS, SANDBOX_PARENTS } from './sandbox.ts';
import { sandboxResources } from './sandbox-resources.ts';

/** Sorted ids of all sandboxes that have a directory on this machine, running or not. */
export async function sandboxIds(): Promise<readonly string[]> {
  const found = await Promise.all(SANDBOX_PARENTS.map(namesIn));
  return [...new Set(found.flat())].sort();
}

/**
 * Removes the resources of an orphaned sandbox, whose shim and VM are gone. Kata does not clean up after a failed start or a
 * killed shim: mounts and network stay until the machine reboots. A running sandbox is not touched.
 *
 * @returns `false` if the sandbox is running.
 */
export async function removeOrphanedSandbox(id: string): Promise<boolean> {
  const { directories, fileServers, hypervisors, mounts, shims } = await sandboxResources(id);
  if (shims.length + hypervisors.length > 0) return false;
  // The directory with the runtime's record is removed last: no other file names the sandbox's network.
  const records = SANDBOX_DIRS.map((directory) => join(directory, id));
  for (const { pid } of fileServers) sendSignal(pid, 'SIGKILL');
  for (const mount of [...mounts].reverse()) await unmount(mount);
  for (const path of directories) if (!records.includes(path)) await rm(path, { recursive: true, force: true });
  const network = await ownNetwork(id);
  if (network !== undefined) await removeNetwork(network);
  for (const record of records) await rm(record, { recursive: true, force: true });
  return true;
}

/** Result of removing orphaned sandboxes. */
export interface Removal {
  /** Ids of running sandboxes, which were not touched. */
  readonly running: readonly string[];
  /** Errors of sandboxes that could not be removed, one line each. */
  readonly problems: readonly string[];
}

/** Removes the resources of each of the orphaned sandboxes. A failure does not stop the removal of the others. */
export async function removeOrphanedSandboxes(ids: readonly string[]): Promise<Removal> {
  const running: string[] = [];
  const problems: string[] = [];
  for (const id of ids) {
    try {
      if (!(await removeOrphanedSandbox(id))) running.push(id);
    } catch (error) {
      problems.push(`sandbox ${id}: ${messageOf(error)}`);
    }
  }
  return { running, problems };
}
