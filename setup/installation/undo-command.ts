import { messageOf } from '../../helpers/errors.ts';

/** Does the work of a command that undo runs. The command prints an error without its stack, which the error of the undo then quotes. */
export async function undoCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(messageOf(error));
    process.exitCode = 1;
  }
}
