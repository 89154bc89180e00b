import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { HarnessError, messageOf } from '../../helpers/errors.ts';
import { namesIn } from '../../helpers/files.ts';
import { cgroupDirectories } from '../../helpers/namespace/cgroup.ts';
import { mentions, readMounts } from '../../helpers/namespace/mounts.ts';
import { readIfRunning, variablesOf } from '../../helpers/process/environment.ts';
import { RUN_LABEL } from '../../helpers/process/run-label.ts';
import { openSocketsBelow } from '../../helpers/process/unix-sockets.ts';
import { RUN_ROOT } from '../config/paths.ts';

/** Places on a machine where runs may leave resources. */
export interface Places {
  readonly runs: string;
  /** Parent of the cgroups of runs, in each hierarchy. */
  readonly cgroups: readonly string[];
  readonly proc: string;
  /** Directories of temporary files, each with the prefix of the runs' files. */
  readonly temporary: readonly (readonly [directory: string, prefix: string])[];
}

/** The places on this machine where runs may leave resources. */
export async function placesHere(): Promise<Places> {
  return {
    runs: RUN_ROOT,
    cgroups: await cgroupDirectories('kata-cc'),
    proc: '/proc',
    temporary: [
      [tmpdir(), 'kata-cc-gpg-'],
      ['/dev/shm', 'kata-cc-'],
    ],
  };
}

const DETECTORS: Readonly<Record<string, (places: Places) => Promise<readonly string[]>>> = {
  'directories of runs': runDirectories,
  cgroups,
  mounts,
  sockets,
  processes,
  'temporary files': temporaryFiles,
};

/**
 * Resources that runs left on this machine, sorted, one line each with kind and location. Rejects if a place cannot be
 * read, unless it does not exist.
 */
export async function findLeaks(places?: Places): Promise<string[]> {
  const where = places ?? (await placesHere());
  const found = await Promise.all(
    Object.entries(DETECTORS).map(async ([what, detect]) => {
      try {
        return await detect(where);
      } catch (cause) {
        throw new HarnessError('leaks', `cannot search for leaked ${what}: ${messageOf(cause)}`, { cause });
      }
    }),
  );
  return found.flat().sort();
}

async function runDirectories({ runs }: Places): Promise<string[]> {
  return (await namesIn(runs)).map((name) => `directory ${runs}/${name}`);
}

async function cgroups({ cgroups: roots }: Places): Promise<string[]> {
  const found = await Promise.all(
    roots.map(async (root) => {
      const entries = await readdir(root, { withFileTypes: true }).catch(noneIfGone);
      return entries.filter((entry) => entry.isDirectory()).map((entry) => `cgroup ${root}/${entry.name}`);
    }),
  );
  return found.flat();
}

async function mounts({ proc }: Places): Promise<string[]> {
  const ours = (await readMounts(proc)).filter((mount) => mentions(mount, 'kata-cc'));
  return ours.map(({ point }) => `mount ${point}`);
}

async function sockets({ proc, runs }: Places): Promise<string[]> {
  return (await openSocketsBelow(runs, proc)).map((path) => `socket ${path}`);
}

/** Length of a command line as shown in a leak's description: more than the path to a Node.js below node_modules. */
const SHOWN = 300;

async function processes({ proc }: Places): Promise<string[]> {
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = (await variablesOf(pid, proc)) ?? [];
      if (!environment.some((variable) => variable.startsWith(`${RUN_LABEL}=`))) return [];
      const command = (await readIfRunning(`${proc}/${pid}/cmdline`)) ?? '';
      return command === '' ? [] : [`process ${pid} ${command.replaceAll('\0', ' ').slice(0, SHOWN)}`];
    }),
  );
  return found.flat();
}

async function temporaryFiles({ temporary }: Places): Promise<string[]> {
  const found = await Promise.all(
    temporary.map(async ([directory, prefix]) =>
      (await namesIn(directory)).filter((name) => name.startsWith(prefix)).map((name) => `file ${directory}/${name}`),
    ),
  );
  return found.flat();
}

/** No entries for a cgroup that was removed before the search (ENOENT) or during it (ENODEV). */
function noneIfGone(error: NodeJS.ErrnoException): [] {
  if (error.code === 'ENOENT' || error.code === 'ENODEV') return [];
  throw error;
}
