import { HarnessError, messageOf } from './errors.ts';

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
