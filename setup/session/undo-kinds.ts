import { removeOrphanedContainers } from '../../helpers/containerd/orphans.ts';
import { removeCgroup } from '../../helpers/namespace/cgroup.ts';
import type { TargetedConfig } from '../config/validated.ts';
import { fieldOf, type UndoKinds, type UndoRecord } from '../engine/undo.ts';
import { CONTAINERD_SOCKET } from '../installation/containerd-endpoint.ts';

/** Kinds of undos in the journals of this project, besides the engine's own. */
export const UNDO_KINDS: UndoKinds = {
  'remove-containers': {
    // Long timeout for removing containers: Kata's shim waits a minute for an agent that no longer runs, and a run may
    // have left several sandboxes.
    timeoutMs: 900_000,
    undo: (record) => removeOrphanedContainers(fieldOf(record, 'socket'), fieldOf(record, 'runId')),
  },
  'remove-cgroup': { timeoutMs: 30_000, undo: (record) => removeCgroup(fieldOf(record, 'cgroup')) },
};

/** Undos of what any step of a run may leave outside the run's directory; they are run last first. */
export function leftBehind({ target }: Pick<TargetedConfig, 'target'>, runId: string): readonly UndoRecord[] {
  const cgroup: UndoRecord = { undo: 'remove-cgroup', cgroup: `kata-cc/${runId}` };
  if (target !== 'kata') return [cgroup];
  // The machine's containerd owns the sandboxes, so they are removed after all processes of the run, which could start
  // more.
  return [cgroup, { undo: 'remove-containers', socket: CONTAINERD_SOCKET, runId }];
}
