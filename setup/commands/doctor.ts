import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata doctor`. */
export function doctorCommand(): KataCommand {
  return command('doctor', 'Check whether this machine can run the target').action(async () =>
    (await import('./doctor/show-findings.ts')).showFindings(),
  );
}
