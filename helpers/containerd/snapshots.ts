import type { ContainerdEndpoint } from '../contract/target.ts';
import { HarnessError } from '../errors.ts';
import { run } from '../process/exec.ts';
import { ctrOf } from './ctr.ts';

/** A snapshot of a snapshotter, and the one that it is based on. */
export interface Snapshot {
  readonly key: string;
  /** Absent for a snapshot of an image's first layer. */
  readonly parent?: string;
}

/** The snapshots in the output of `ctr snapshots list`: a header, then key, parent if there is one, and kind. */
export function parseSnapshots(output: string): readonly Snapshot[] {
  return output
    .split('\n')
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [key = '', ...rest] = line.trim().split(/\s+/);
      return rest.length < 2 ? { key } : { key, parent: rest[0] ?? '' };
    });
}

/** Snapshots in an order in which they can be removed: each before its parent. */
export function leavesFirst(snapshots: readonly Snapshot[]): readonly string[] {
  const parents = new Map(snapshots.map(({ key, parent }) => [key, parent]));
  const depth = (key: string | undefined): number => (key === undefined ? 0 : 1 + depth(parents.get(key)));
  return snapshots.map(({ key }) => key).sort((one, other) => depth(other) - depth(one));
}

/** Removes all snapshots of a snapshotter, in every namespace of containerd. Throws {@link HarnessError} if containerd keeps some. */
export async function removeSnapshots(
  containerd: Pick<ContainerdEndpoint, 'ctr' | 'socket'>,
  snapshotter: string,
): Promise<void> {
  const { ctr, socket } = containerd;
  const { stdout } = await run([ctr, '--address', socket, 'namespaces', 'list', '--quiet']);
  for (const namespace of stdout.split('\n').filter(Boolean)) {
    const snapshots = [...ctrOf(containerd, namespace), 'snapshots', '--snapshotter', snapshotter];
    const left = async (): Promise<readonly Snapshot[]> => parseSnapshots((await run([...snapshots, 'list'])).stdout);
    for (const key of leavesFirst(await left())) await run([...snapshots, 'remove', key]);
    const kept = await left();
    if (kept.length === 0) continue;
    const keys = kept.map(({ key }) => key).join(', ');
    throw new HarnessError('containerd', `snapshots of ${snapshotter} in namespace ${namespace} are left: ${keys}`);
  }
}
