import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeOrphanedContainers } from '../../helpers/containerd/orphans.ts';
import { within } from '../../helpers/deadline.ts';
import { messageOf, TimeoutError } from '../../helpers/errors.ts';
import { namesIn } from '../../helpers/files.ts';
import { jsonObject } from '../../helpers/json-object.ts';
import { removeCgroup } from '../../helpers/namespace/cgroup.ts';
import { poll } from '../../helpers/poll.ts';
import { identify, isAlive, killProcessesWith, type ProcessIdentity } from '../../helpers/process/process.ts';
import { RUN_LABEL } from '../../helpers/process/run-label.ts';
import { openSocketsBelow } from '../../helpers/process/unix-sockets.ts';

/** An idempotent undo, as data, so that another process can run it. */
export type UndoRecord =
  | { readonly undo: 'kill-processes'; readonly runId: string }
  | { readonly undo: 'remove-containers'; readonly socket: string; readonly runId: string }
  | { readonly undo: 'remove-cgroup'; readonly cgroup: string }
  | { readonly undo: 'remove-path'; readonly path: string };

interface Header {
  readonly runId: string;
  readonly process: ProcessIdentity;
}

/**
 * A run's undos as JSON lines on disk: a header that names the run, then one undo per line, each written before the
 * resource is created. The run removes it after it has undone everything itself.
 */
export class Journal {
  readonly file: string;
  readonly runId: string;
  readonly #descriptor: number;
  readonly #undos: UndoRecord[] = [];

  private constructor(file: string, runId: string) {
    this.file = file;
    this.runId = runId;
    this.#descriptor = openSync(file, 'ax', 0o600);
  }

  static async open(directory: string, runId: string): Promise<Journal> {
    const self = await identify(process.pid);
    if (self === undefined) throw new Error(`cannot read /proc/${process.pid}/stat`);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const journal = new Journal(join(directory, `${runId}.jsonl`), runId);
    journal.#append({ runId, process: self } satisfies Header);
    return journal;
  }

  /** Writes the undo to disk synchronously. */
  record(undo: UndoRecord): void {
    this.#append(undo);
    this.#undos.push(undo);
  }

  /** Undoes everything, last first, and removes the journal if nothing failed. */
  async replay(): Promise<void> {
    closeSync(this.#descriptor);
    await replay(this.file);
  }

  /**
   * Undoes everything again after {@link replay}: a timed-out step that has ended since may have created resources
   * again.
   */
  async replayAgain(): Promise<void> {
    const problems = await undoAll(this.#undos);
    if (problems.length > 0) throw new Error(`not undone:\n${problems.join('\n')}`);
  }

  #append(line: object): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#descriptor);
  }
}

/** A run that ended without cleaning up, or is still running. */
export interface FoundRun {
  readonly file: string;
  readonly runId: string;
  readonly pid: number;
  readonly alive: boolean;
}

/** All runs with a journal. */
export async function findRuns(directory: string): Promise<readonly FoundRun[]> {
  const files = (await namesIn(directory))
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => join(directory, name));
  return Promise.all(
    files.map(async (file) => {
      const { header } = read(file);
      const alive = header !== undefined && (await isAlive(header.process));
      return { file, runId: header?.runId ?? '?', pid: header?.process.pid ?? 0, alive };
    }),
  );
}

/** Runs all undos of a journal, last first. Throws all failures in one error and then keeps the journal. */
export async function replay(file: string): Promise<void> {
  const problems = await undoAll(read(file).undos);
  if (problems.length > 0) throw new Error(`not undone, see ${file}:\n${problems.join('\n')}`);
  await rm(file, { force: true });
}

/** Timeouts of undos, in milliseconds. Their waits have shorter limits; a hanging disk has none. */
const UNDO_TIMEOUTS_MS: Readonly<Record<UndoRecord['undo'], number>> = {
  'kill-processes': 30_000,
  // Kata's shim waits a minute for an agent that no longer runs, and a run may have left several sandboxes.
  'remove-containers': 900_000,
  'remove-cgroup': 30_000,
  'remove-path': 60_000,
};

/** Runs every undo, last first; returns the failures. */
async function undoAll(undos: readonly UndoRecord[]): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const record of undos.toReversed()) {
    const what = JSON.stringify(record);
    await within('it', UNDO_TIMEOUTS_MS[record.undo], () => undo(record)).catch((error: unknown) => {
      problems.push(`${what}: ${messageOf(error)}`);
    });
  }
  return problems;
}

const SOCKETS_CLOSE_MS = 5_000;

/**
 * A killed process frees memory before it closes sockets, which takes a while with gigabytes, and /proc no longer shows
 * it. Sockets still open after the timeout belong to another process and do not block removal.
 */
async function whileSocketsClose(directory: string): Promise<void> {
  const closed = async (): Promise<true | undefined> => (await openSocketsBelow(directory)).length === 0 || undefined;
  const waiting = poll(`sockets below ${directory} closing`, closed, { timeoutMs: SOCKETS_CLOSE_MS, intervalMs: 10 });
  await waiting.catch((error: unknown) => {
    if (!(error instanceof TimeoutError)) throw error;
  });
}

async function undo(record: UndoRecord): Promise<void> {
  switch (record.undo) {
    case 'kill-processes':
      return killProcessesWith(RUN_LABEL, record.runId);
    case 'remove-containers':
      return removeOrphanedContainers(record.socket, record.runId);
    case 'remove-cgroup':
      return removeCgroup(record.cgroup);
    case 'remove-path':
      await whileSocketsClose(record.path);
      return rm(record.path, { recursive: true, force: true });
  }
}

/** An incomplete line is ignored: its resource was not created, or was lost in the same power cut. */
function read(file: string): { header: Header | undefined; undos: UndoRecord[] } {
  const [header, ...undos] = readFileSync(file, 'utf8').split('\n').slice(0, -1).map(jsonObject);
  const isHeader = header !== undefined && 'process' in header && 'runId' in header;
  return {
    header: isHeader ? (header as unknown as Header) : undefined,
    undos: undos.flatMap((undo) => (undo === undefined ? [] : [undo as unknown as UndoRecord])),
  };
}
