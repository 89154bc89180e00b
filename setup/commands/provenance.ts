import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata provenance`. */
export function provenanceCommand(): KataCommand {
  return command('provenance', 'List the third-party components, their licences and checksums')
    .addHelpText('after', '\nWrites provenance.json in the directory of reports.')
    .action(async () => (await import('./provenance/provenance.ts')).writeProvenance());
}
