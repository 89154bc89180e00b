import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeCgroup } from '../helpers/cgroup.ts';
import { within } from '../helpers/deadline.ts';
import { messageOf, TimeoutError } from '../helpers/errors.ts';
import { namesIn } from '../helpers/files.ts';
import { jsonObject } from '../helpers/json-object.ts';
import { RUN_LABEL } from '../helpers/label.ts';
import { removeLeftContainers } from '../helpers/left-containers.ts';
import { poll } from '../helpers/poll.ts';
import { identify, isAlive, killProcessesWith, type ProcessIdentity } from '../helpers/process.ts';
import { openSocketsBelow } from '../helpers/unix-sockets.ts';

/** How something a run made is undone: data, so that another process can do it. Doing it twice does no harm. */
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
 * What a run has made, as JSON lines on disk: first whose journal it is, then one undo per line, each written before
 * the thing is made. It is gone when the run has undone everything itself.
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

  /** Writes the undo to disk; returns when it is there. */
  record(undo: UndoRecord): void {
    this.#append(undo);
    this.#undos.push(undo);
  }

  /** Undoes everything, last first, and removes the journal if all went well. */
  async replay(): Promise<void> {
    closeSync(this.#descriptor);
    await replay(this.file);
  }

  /** Undoes everything once more after {@link replay}: a step that set-up gave up on has ended, and may have made it anew. */
  async replayAgain(): Promise<void> {
    const problems = await undoAll(this.#undos);
    if (problems.length > 0) throw new Error(`not undone:\n${problems.join('\n')}`);
  }

  #append(line: object): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    fsyncSync(this.#descriptor);
  }
}

/** A run that ended without cleaning up, or still goes on. */
export interface FoundRun {
  readonly file: string;
  readonly runId: string;
  readonly pid: number;
  readonly alive: boolean;
}

/** All runs that have a journal. */
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

/** Undoes what a journal says, last first; every undo is tried. Throws what went wrong, all together; the journal stays then. */
export async function replay(file: string): Promise<void> {
  const problems = await undoAll(read(file).undos);
  if (problems.length > 0) throw new Error(`not undone, see ${file}:\n${problems.join('\n')}`);
  await rm(file, { force: true });
}

/** How long an undo may take, in milliseconds; what it waits for has shorter limits of its own, a disk that hangs has none. */
const UNDO_TIMEOUTS_MS: Readonly<Record<UndoRecord['undo'], number>> = {
  'kill-processes': 30_000,
  // Kata's shim waits a minute for an agent that is gone, and a run may have left several sandboxes.
  'remove-containers': 900_000,
  'remove-cgroup': 30_000,
  'remove-path': 60_000,
};

/** Tries every undo, last first; gives what went wrong. */
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
 * A process that was killed gives back its memory first and its sockets last; with gigabytes that takes a moment, in
 * which it can no longer be found. What is still open after that belongs to somebody else, and keeps nothing from going.
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
      return removeLeftContainers(record.socket, record.runId);
    case 'remove-cgroup':
      return removeCgroup(record.cgroup);
    case 'remove-path':
      await whileSocketsClose(record.path);
      return rm(record.path, { recursive: true, force: true });
  }
}

/** A line that was not written whole is no record: what it was to announce was not made, or went with the power. */
function read(file: string): { header: Header | undefined; undos: UndoRecord[] } {
  const [header, ...undos] = readFileSync(file, 'utf8').split('\n').slice(0, -1).map(jsonObject);
  const isHeader = header !== undefined && 'process' in header && 'runId' in header;
  return {
    header: isHeader ? (header as unknown as Header) : undefined,
    undos: undos.flatMap((undo) => (undo === undefined ? [] : [undo as unknown as UndoRecord])),
  };
}
