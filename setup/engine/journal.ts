import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonObject, namesIn } from '../../helpers/files.ts';
import { identify, isAlive, type ProcessIdentity } from '../../helpers/process/process.ts';
import { type UndoKinds, type UndoRecord, undoAll } from './undo.ts';

interface Header {
  readonly runId: string;
  readonly process: ProcessIdentity;
}

/**
 * The undos of a run as JSON lines on disk: a header that names the run, then one undo per line, each written before
 * the resource is created. The run removes the journal after it has undone everything itself.
 */
export class Journal {
  readonly file: string;
  readonly runId: string;
  readonly #descriptor: number;
  readonly #kinds: UndoKinds;
  readonly #undos: UndoRecord[] = [];

  private constructor(file: string, runId: string, kinds: UndoKinds) {
    this.file = file;
    this.runId = runId;
    this.#kinds = kinds;
    this.#descriptor = openSync(file, 'ax', 0o600);
  }

  /** Creates the journal of a run of this process. `kinds` are the kinds of its undos besides the engine's own. */
  static async open(directory: string, runId: string, kinds: UndoKinds): Promise<Journal> {
    const self = await identify(process.pid);
    if (self === undefined) throw new Error(`cannot read /proc/${process.pid}/stat`);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const journal = new Journal(join(directory, `${runId}.jsonl`), runId, kinds);
    journal.#append({ runId, process: self } satisfies Header);
    return journal;
  }

  /** Writes an undo to the journal on disk, synchronously. */
  record(undo: UndoRecord): void {
    this.#append(undo);
    this.#undos.push(undo);
  }

  /** Runs all undos of the journal, last first, and removes the journal if none failed. */
  async replay(): Promise<void> {
    closeSync(this.#descriptor);
    await replay(this.file, this.#kinds);
  }

  /**
   * Runs all undos again after {@link replay}: a timed-out step that has ended since may have created resources again.
   */
  async replayAgain(): Promise<void> {
    const problems = await undoAll(this.#undos, this.#kinds);
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

/** All runs that have a journal in the directory. */
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
export async function replay(file: string, kinds: UndoKinds): Promise<void> {
  const problems = await undoAll(read(file).undos, kinds);
  if (problems.length > 0) throw new Error(`not undone, see ${file}:\n${problems.join('\n')}`);
  await rm(file, { force: true });
}

/** Reads a journal. An incomplete line is ignored: its resource was not created, or was lost in the same power cut. */
function read(file: string): { header: Header | undefined; undos: UndoRecord[] } {
  const [header, ...undos] = readFileSync(file, 'utf8').split('\n').slice(0, -1).map(jsonObject);
  const isHeader = header !== undefined && 'process' in header && 'runId' in header;
  return {
    header: isHeader ? (header as unknown as Header) : undefined,
    undos: undos.flatMap((undo) => (undo === undefined ? [] : [undo as unknown as UndoRecord])),
  };
}
