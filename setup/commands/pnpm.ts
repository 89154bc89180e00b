import { runProgram } from './run-program.ts';

/** `pnpm ccv0` and the other commands of `pnpm kata` that have a script of their own in package.json. */
await runProgram('pnpm');
