import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata teardown`. */
export function teardownCommand(): KataCommand {
  return command('teardown', 'Undo what killed runs left, and the installation of target kata').action(async () =>
    (await import('./teardown/undo-runs.ts')).undoRuns(),
  );
}
