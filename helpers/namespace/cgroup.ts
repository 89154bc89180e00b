import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { fileExists, ifThere } from '../files.ts';
import { poll } from '../poll.ts';
import { sendSignal } from '../process/process.ts';
import { readMounts } from './mounts.ts';

const MOUNT_POINT = '/sys/fs/cgroup';
const REMOVE_TIMEOUT_MS = 5_000;

/**
 * The roots of the host's cgroup hierarchies: one on v2, one for each mounted controller on v1, and both on hybrid,
 * cgroup2 last.
 */
export async function cgroupRoots(): Promise<readonly string[]> {
  return [...(await rootsOf('cgroup')), ...(await rootsOf('cgroup2'))];
}

/** The directory of cgroup `name` in the cgroup2 hierarchy; `undefined` if cgroup2 is not mounted. */
export async function cgroup2Directory(name: string): Promise<string | undefined> {
  const [root] = await rootsOf('cgroup2');
  return root === undefined ? undefined : join(root, name);
}

async function rootsOf(type: 'cgroup' | 'cgroup2'): Promise<readonly string[]> {
  const mounts = await readMounts();
  return mounts.filter((mount) => mount.type === type && mount.point.startsWith(MOUNT_POINT)).map(({ point }) => point);
}

/** The directories of cgroup `name` in all hierarchies. */
export async function cgroupDirectories(name: string): Promise<readonly string[]> {
  return (await cgroupRoots()).map((root) => join(root, name));
}

/**
 * Creates cgroup `name` in all hierarchies, ready for processes (v1 cpusets start empty and reject processes until
 * set).
 */
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
  // The root of cgroup2 has no such file; there, an empty one stands for the parent's value.
  const value = (await ifThere(readFile(join(parent, file), 'utf8')))?.trim() ?? '';
  if (value !== '') await writeFile(to, value);
}

/**
 * Removes cgroup `name` and all below it, in all hierarchies. Waits for the end of their processes, which the caller
 * has killed. Does nothing if the cgroup does not exist.
 */
export async function removeCgroup(name: string): Promise<void> {
  const directories = await cgroupDirectories(name);
  // Thaws the cgroup first: on v1, a frozen process, such as a paused container's, handles SIGKILL only after it is
  // thawed.
  for (const directory of directories) await thaw(directory);
  for (const directory of directories) await remove(directory);
}

/**
 * Removes the cgroup of a directory and all below it. Throws {@link HarnessError} with the ids of its processes if it has some, and then
 * removes nothing. Does nothing if the cgroup does not exist.
 */
export async function removeUnusedCgroup(directory: string): Promise<void> {
  const processes = await processesBelow(directory);
  if (processes.length > 0) {
    throw new HarnessError('cgroup', `cgroup ${directory} has processes (${processes.join(', ')}): end them first`);
  }
  await remove(directory);
}

async function remove(directory: string): Promise<void> {
  await poll(`removal of cgroup ${directory}`, () => removed(directory), {
    timeoutMs: REMOVE_TIMEOUT_MS,
    intervalMs: 5,
  });
}

async function thaw(directory: string): Promise<void> {
  for (const entry of (await ifThere(readdir(directory, { withFileTypes: true }))) ?? []) {
    if (entry.isDirectory()) await thaw(join(directory, entry.name));
    else if (entry.name === 'freezer.state') await ifThere(writeFile(join(directory, entry.name), 'THAWED'));
  }
}

/** Sends a signal to all processes in cgroup `name` and below, including processes that start meanwhile. */
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
    // Pid 0 in cgroup.procs stands for a process outside this pid namespace; kill(0) would signal our own process
    // group.
    const children = entries.filter((entry) => entry.isDirectory());
    const below = await Promise.all(children.map(({ name }) => processesBelow(join(directory, name))));
    return [...own.filter((pid) => pid > 0), ...below.flat()];
  } catch (error) {
    // These errors mean that the cgroup was removed meanwhile, so it has no processes.
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
