import { selectedSpecFiles, specFilesIn } from '../../helpers/contract/spec-files.ts';
import { messageOf } from '../../helpers/errors.ts';
import { projectPath } from '../project.ts';
import { suitesArguments, watchArguments } from '../vitest/arguments.ts';

const words = process.argv.slice(2);
const watch = watchArguments(words);
if (watch === undefined) await runVitest();
else {
  process.argv.splice(2, words.length, ...watch);
  await (await import('./run-program.ts')).runProgram('pnpm kata');
}

/** Throws {@link ConfigError} for a word that is meant to name spec files and names none. */
async function requireSpecFiles(args: readonly string[]): Promise<void> {
  // Without words, which is most often, Vitest need not be loaded twice.
  if (words.every((word) => word.startsWith('-'))) return;
  const { parseCLI } = await import('vitest/node');
  const { filter } = parseCLI(['vitest', ...args]);
  const root = projectPath('.');
  selectedSpecFiles(await specFilesIn(root), filter, root);
}

/** `pnpm test`: runs Vitest in this process, with checked arguments. */
async function runVitest(): Promise<void> {
  const program = projectPath('node_modules/vitest/vitest.mjs');
  try {
    const args = suitesArguments(words);
    await requireSpecFiles(args);
    process.argv = [process.execPath, program, ...args];
  } catch (error) {
    console.error(messageOf(error));
    process.exit(1);
  }
  await import(program);
}
