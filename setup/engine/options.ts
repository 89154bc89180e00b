import type { Cache } from './artefact-cache.ts';
import type { Progress } from './progress.ts';
import type { Selection } from './selection.ts';
import type { UndoKinds, UndoRecord } from './undo.ts';

/**
 * What the engine needs from its user: configuration, machine, directories, and the undos of what steps may leave
 * behind.
 */
export interface Surroundings<Config, Host> extends Cache<Config, Host> {
  /** Probes the machine again; called after a step with `refreshesHost`. */
  readonly refreshHost: () => Promise<Host>;
  /** Directory of the journals of runs: on disk, so that they survive a kill and a reboot. */
  readonly journalDir: string;
  /**
   * Parent of the run directories: a short path, because they contain unix sockets, whose paths have at most 108 bytes.
   */
  readonly runRoot: string;
  /** Kinds of undos besides the engine's own, by name. */
  readonly undoKinds: UndoKinds;
  /**
   * Records of what the steps of a run may leave outside its directory. They are undone last first, after the run's
   * processes have been killed and before its directory is removed.
   */
  readonly leftBehind: (runId: string) => readonly UndoRecord[];
}

/** Options of a run of steps. */
export interface RunOptions<Config, Host> extends Surroundings<Config, Host> {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly selected?: Selection;
  /** How long aborted steps may take to end, in milliseconds; 5 s by default. */
  readonly abortGraceMs?: number;
}
