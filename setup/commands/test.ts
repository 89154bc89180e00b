import { messageOf } from '../../helpers/errors.ts';
import { projectPath } from '../project.ts';
import { suitesArguments } from '../vitest/arguments.ts';

/** `pnpm test`: runs Vitest in this process, with checked arguments. */
const program = projectPath('node_modules/vitest/vitest.mjs');
try {
  process.argv = [process.execPath, program, ...suitesArguments(process.argv.slice(2))];
} catch (error) {
  console.error(messageOf(error));
  process.exit(1);
}
await import(program);
