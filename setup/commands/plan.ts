import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata plan`. */
export function planCommand(): KataCommand {
  return command('plan', 'Show what set-up would do, and why, without doing it').action(async () =>
    (await import('./plan/show-plan.ts')).showPlan(),
  );
}
