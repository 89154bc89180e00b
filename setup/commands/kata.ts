import { runProgram } from './run-program.ts';

/** `pnpm kata`. */
await runProgram('pnpm kata');
