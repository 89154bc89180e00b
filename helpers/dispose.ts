import { HarnessError, messageOf } from './errors.ts';

/** Undoes the creation of something. Must be idempotent. */
export type Undo = () => void | PromiseLike<void>;

/**
 * Undo stack, last in first out, for things made of several parts. Register the undo *before* doing.
 * Node 20 has `Symbol.asyncDispose` but no `AsyncDisposableStack`; this is the part of it we use.
 * Every undo runs even when an earlier one throws; the failures are thrown together at the end.
 */
export class DisposeStack implements AsyncDisposable {
  #undos: Undo[] = [];

  defer(undo: Undo): void {
    this.#undos.push(undo);
  }

  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  /** Hands everything over to a new owner; this stack is empty afterwards. */
  move(): DisposeStack {
    const moved = new DisposeStack();
    moved.#undos = this.#undos;
    this.#undos = [];
    return moved;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const errors: unknown[] = [];
    for (let undo = this.#undos.pop(); undo; undo = this.#undos.pop()) {
      try {
        await undo();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length === 1) throw errors[0];
    if (errors.length > 1) throw new AggregateError(errors, `${errors.length} clean-ups failed`);
  }
}

/**
 * Creates something, and undoes it if the creation fails. An error of the undo is appended to the original error and
 * never replaces it.
 */
export async function makeOrUndo<T>(make: () => Promise<T>, undo: (why: unknown) => Promise<void>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    await undo(error).catch((problem: unknown) => {
      const code = error instanceof HarnessError ? error.code : 'undo';
      const message = `${messageOf(error)}\nand undoing it failed: ${messageOf(problem)}`;
      throw new HarnessError(code, message, { cause: error });
    });
    throw error;
  }
}
