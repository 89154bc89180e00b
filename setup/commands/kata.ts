import { messageOf } from '../../helpers/errors.ts';
import { withoutSeparators } from './kata-command.ts';
import { kataProgram } from './program.ts';

/** `pnpm kata`. */
const words = process.argv.slice(2);
try {
  const program = await kataProgram(words);
  await program.parseAsync(withoutSeparators(words, program), { from: 'user' });
} catch (error) {
  console.error(messageOf(error));
  // Exits explicitly: a timed-out step may still have an open connection, which would keep this process alive.
  process.exit(1);
}
