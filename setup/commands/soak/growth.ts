import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Target } from '../../../helpers/contract/target.ts';
import { cgroupDirectories } from '../../../helpers/namespace/cgroup.ts';
import { mentions, readMounts } from '../../../helpers/namespace/mounts.ts';
import { processesWith } from '../../../helpers/process/process.ts';
import { RUN_LABEL } from '../../../helpers/process/run-label.ts';
import { openSocketsBelow } from '../../../helpers/process/unix-sockets.ts';

/** Numbers of resources that could leak, counted while no guest exists. */
export interface Sample {
  readonly 'file descriptors': number;
  readonly 'memory, MiB': number;
  readonly mounts: number;
  readonly cgroups: number;
  readonly sockets: number;
  readonly processes: number;
  readonly 'disk, KiB': number;
}

setFlagsFromString('--expose-gc');
/** The collector that `node --expose-gc` offers as `gc`. */
const collectGarbage = runInNewContext('gc') as () => void;

/** Counts this run's resources: those of this process, with the run's label, or in the run's directory. */
export async function takeSample({ runDir, runId }: Pick<Target, 'runDir' | 'runId'>): Promise<Sample> {
  // Collects garbage before measuring memory, because garbage is not a leak.
  collectGarbage();
  return {
    'file descriptors': (await readdir('/proc/self/fd')).length,
    'memory, MiB': Math.round(process.memoryUsage.rss() / 2 ** 20),
    mounts: (await readMounts()).filter((mount) => mentions(mount, runDir)).length,
    cgroups: (await Promise.all((await cgroupDirectories(`kata-cc/${runId}`)).map(directoriesIn))).flat().length,
    sockets: (await openSocketsBelow(runDir)).length,
    processes: (await processesWith(RUN_LABEL, runId)).length,
    'disk, KiB': Math.round((await bytesIn(runDir)) / 1_024),
  };
}

async function directoriesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
}

async function bytesIn(directory: string): Promise<number> {
  const entries = await readdir(directory, { withFileTypes: true });
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      // Log files are not counted: the registry's log has a line for every request.
      if (entry.name.endsWith('.log')) return 0;
      return entry.isDirectory() ? bytesIn(path) : entry.isFile() ? (await stat(path)).size : 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Describes the resources that grew between two samples; empty if none did. Only memory has a tolerance. */
export function growth(first: Sample, last: Sample, memoryMib: number): readonly string[] {
  return (Object.keys(first) as (keyof Sample)[]).flatMap((what) => {
    const allowed = what === 'memory, MiB' ? memoryMib : 0;
    return last[what] > first[what] + allowed ? [`${what} grew from ${first[what]} to ${last[what]}`] : [];
  });
}
