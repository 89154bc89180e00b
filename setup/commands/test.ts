import { messageOf } from '../../helpers/errors.ts';
import { projectPath } from '../project.ts';
import { suitesArguments, watchArguments } from '../vitest/arguments.ts';
import { requireSpecFiles } from '../vitest/required-files.ts';

const words = process.argv.slice(2);
const watch = watchArguments(words);
if (watch === undefined) await runVitest();
else {
  process.argv.splice(2, words.length, ...watch);
  await (await import('./run-program.ts')).runProgram('pnpm kata');
}

/** `pnpm test`: runs Vitest in this process, with checked arguments. */
async function runVitest(): Promise<void> {
  const program = projectPath('node_modules/vitest/vitest.mjs');
  try {
    const args = suitesArguments(words);
    await requireSpecFiles(words.filter((word) => word !== '--'));
    process.argv = [process.execPath, program, ...args];
  } catch (error) {
    console.error(messageOf(error));
    process.exit(1);
  }
  await import(program);
}
