import { rm } from 'node:fs/promises';
import { messageOf, TimeoutError } from '../../helpers/errors.ts';
import { poll } from '../../helpers/poll.ts';
import { killProcessesWith } from '../../helpers/process/process.ts';
import { RUN_LABEL } from '../../helpers/process/run-label.ts';
import { openSocketsBelow } from '../../helpers/process/unix-sockets.ts';
import { withDeadline } from './deadline.ts';

/** An undo as data, so that another process can run it: the name of its kind, and the fields that this kind reads. */
export type UndoRecord = { readonly undo: string } & Readonly<Record<string, string>>;

/** How to run the undos of one kind. */
export interface UndoKind {
  /**
   * Timeout of one undo in milliseconds. It is longer than the limits of the undo's own waits, and bounds waits for a
   * hanging disk, which have none.
   */
  readonly timeoutMs: number;
  /** Runs an undo. It must be idempotent, and do nothing if the resource was never created. */
  readonly undo: (record: UndoRecord) => Promise<void>;
}

/** Undo kinds by the name in their records. Journals outlive the code that wrote them, so a kind is never renamed. */
export type UndoKinds = Readonly<Record<string, UndoKind>>;

/** The kinds of undos that every run needs. */
const OWN: UndoKinds = {
  'kill-processes': {
    timeoutMs: 30_000,
    undo: (record) => killProcessesWith(RUN_LABEL, fieldOf(record, 'runId')),
  },
  'remove-path': {
    timeoutMs: 60_000,
    async undo(record) {
      const path = fieldOf(record, 'path');
      await whileSocketsClose(path);
      await rm(path, { recursive: true, force: true });
    },
  },
};

/** A field of an undo's record. Throws if the record lacks the field. */
export function fieldOf(record: UndoRecord, name: string): string {
  const value: unknown = record[name];
  if (typeof value !== 'string' || value === '') throw new Error(`the record has no ${name}`);
  return value;
}

/** Runs every undo, last first, whether or not another one fails; returns the failures. */
export async function undoAll(undos: readonly UndoRecord[], kinds: UndoKinds): Promise<readonly string[]> {
  const known = new Map(Object.entries({ ...kinds, ...OWN }));
  const problems: string[] = [];
  for (const record of undos.toReversed()) {
    await undoOne(record, known.get(record.undo)).catch((error: unknown) => {
      problems.push(`${JSON.stringify(record)}: ${messageOf(error)}`);
    });
  }
  return problems;
}

async function undoOne(record: UndoRecord, kind: UndoKind | undefined): Promise<void> {
  if (kind === undefined) throw new Error('this version of the project does not have this kind of undo');
  await withDeadline('it', kind.timeoutMs, () => kind.undo(record));
}

const SOCKETS_CLOSE_MS = 5_000;

/**
 * Waits until no socket below a directory is open. A killed process frees memory before it closes sockets, which takes
 * a while with gigabytes, and /proc no longer shows that process. Sockets still open after the timeout belong to
 * another process and do not block removal.
 */
async function whileSocketsClose(directory: string): Promise<void> {
  const closed = async (): Promise<true | undefined> => (await openSocketsBelow(directory)).length === 0 || undefined;
  const waiting = poll(`sockets below ${directory} closing`, closed, { timeoutMs: SOCKETS_CLOSE_MS, intervalMs: 10 });
  await waiting.catch((error: unknown) => {
    if (!(error instanceof TimeoutError)) throw error;
  });
}
