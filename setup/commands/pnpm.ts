import './compile-cache.ts';

/** `pnpm ccv0` and the other commands of `pnpm kata` that have a script of their own in package.json. */
const { runProgram } = await import('./run-program.ts');
await runProgram('pnpm');
