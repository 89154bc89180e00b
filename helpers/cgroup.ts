import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileExists, ifThere } from './files.ts';
import { readMounts } from './mounts.ts';
import { poll } from './poll.ts';
import { sendSignal } from './process.ts';

const MOUNT_POINT = '/sys/fs/cgroup';
const REMOVE_TIMEOUT_MS = 5_000;

/**
 * The roots of the cgroup hierarchies on this machine: one on v2, one for each mounted controller on v1 and hybrid.
 */
export async function cgroupRoots(): Promise<readonly string[]> {
  const mounts = await readMounts();
  const roots = mounts.filter(({ point, type }) => type.startsWith('cgroup') && point.startsWith(MOUNT_POINT));
  const v1 = roots.filter(({ type }) => type === 'cgroup');
  return (v1.length > 0 ? v1 : roots).map(({ point }) => point);
}

/** Where cgroup `name` is, in every hierarchy. */
export async function cgroupDirectories(name: string): Promise<readonly string[]> {
  return (await cgroupRoots()).map((root) => join(root, name));
}

/** Makes cgroup `name` in every hierarchy, usable at once (v1 cpusets start empty and refuse processes until filled). */
export async function createCgroup(name: string): Promise<void> {
  for (const root of await cgroupRoots()) {
    let parent = root;
    for (const part of name.split('/')) {
      const directory = join(parent, part);
      await mkdir(directory, { recursive: true });
      await inherit(parent, directory, 'cpuset.cpus');
      await inherit(parent, directory, 'cpuset.mems');
      parent = directory;
    }
  }
}

async function inherit(parent: string, child: string, file: string): Promise<void> {
  const to = join(child, file);
  if (!(await fileExists(to)) || (await readFile(to, 'utf8')).trim() !== '') return;
  const value = (await readFile(join(parent, file), 'utf8')).trim();
  if (value !== '') await writeFile(to, value);
}

/**
 * Removes cgroup `name` and all below it, in every hierarchy. Waits for processes that are dying; whoever calls has
 * killed them. One that is not there is fine.
 */
export async function removeCgroup(name: string): Promise<void> {
  const directories = await cgroupDirectories(name);
  // A process that v1 has frozen, as a paused container's, is not killed before it is thawed.
  for (const directory of directories) await thaw(directory);
  for (const directory of directories) {
    await poll(`removal of cgroup ${directory}`, () => removed(directory), {
      timeoutMs: REMOVE_TIMEOUT_MS,
      intervalMs: 5,
    });
  }
}

async function thaw(directory: string): Promise<void> {
  for (const entry of (await ifThere(readdir(directory, { withFileTypes: true }))) ?? []) {
    if (entry.isDirectory()) await thaw(join(directory, entry.name));
    else if (entry.name === 'freezer.state') await ifThere(writeFile(join(directory, entry.name), 'THAWED'));
  }
}

/** Sends a signal to every process in cgroup `name` and below, and to those they start meanwhile. */
export async function signalCgroup(name: string, signal: NodeJS.Signals): Promise<void> {
  const [directory = ''] = await cgroupDirectories(name);
  const sent = new Set<number>();
  for (;;) {
    const left = (await processesBelow(directory)).filter((pid) => !sent.has(pid));
    if (left.length === 0) return;
    for (const pid of left) sendSignal(pid, signal);
    for (const pid of left) sent.add(pid);
  }
}

async function processesBelow(directory: string): Promise<number[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const own = (await readFile(join(directory, 'cgroup.procs'), 'utf8')).split('\n').map(Number);
    // 0 stands for one that this pid namespace does not see; to signal it would be to signal ourselves.
    const children = entries.filter((entry) => entry.isDirectory());
    const below = await Promise.all(children.map(({ name }) => processesBelow(join(directory, name))));
    return [...own.filter((pid) => pid > 0), ...below.flat()];
  } catch (error) {
    // It was removed, before or while we look: nothing is in it.
    if (['ENOENT', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

async function removed(directory: string): Promise<true> {
  if (!(await fileExists(directory))) return true;
  const entries = await readdir(directory, { withFileTypes: true });
  for (const entry of entries) if (entry.isDirectory()) await removed(join(directory, entry.name));
  await rmdir(directory);
  return true;
}
