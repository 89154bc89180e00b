import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata reference`. */
export function referenceCommand(): KataCommand {
  return command('reference', 'Generate suites/README.md, the reference for spec authors').action(async () =>
    (await import('./reference/write-reference.ts')).writeReference(),
  );
}
