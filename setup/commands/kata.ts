import './compile-cache.ts';

/** `pnpm kata`. */
const { runProgram } = await import('./run-program.ts');
await runProgram('pnpm kata');
