import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata settings`. */
export function settingsCommand(): KataCommand {
  return command('settings', 'Generate docs/settings.md, the page of all variables').action(async () =>
    (await import('../documents/settings-page.ts')).writeSettingsPage(),
  );
}
