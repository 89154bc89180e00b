import { messageOf } from '../../helpers/errors.ts';
import { reportLostOutput } from '../../helpers/process/lost-output.ts';
import { readWords } from './kata-command.ts';
import { kataProgram } from './program.ts';

/** Runs the command line of this process. `name` is what help and errors call the program. */
export async function runProgram(name: string): Promise<void> {
  reportLostOutput();
  // Vitest's users know `--watch`.
  const words = process.argv.slice(2).map((word, index) => (index === 0 && word === '--watch' ? 'watch' : word));
  try {
    const program = (await kataProgram(words)).name(name);
    await program.parseAsync(readWords(words, program), { from: 'user' });
  } catch (error) {
    console.error(messageOf(error));
    // Exits explicitly: a timed-out step may still have an open connection, which would keep this process alive.
    process.exit(1);
  }
}
