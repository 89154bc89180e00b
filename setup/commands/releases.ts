import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata releases`. */
export function releasesCommand(): KataCommand {
  return command('releases', 'Run the suites of agent and images against the agents of several releases of Kata')
    .argument(
      '[revisions...]',
      'tags, branches or commits of katacontainers_repo; by default releases from CCv0 to main',
    )
    .option('--missing', 'only releases of which releases.json has no claims yet: goes on with an interrupted run')
    .addHelpText(
      'after',
      '\nWrites releases.json and releases.html in the directory of reports, with a column for each release; columns of earlier runs stay. Exit code 1 if a claim fails.',
    )
    .action(async (revisions: readonly string[], { missing = false }: { readonly missing?: boolean }) => {
      const [{ runReleases }, { renderReleases }] = await Promise.all([
        import('./releases/run-releases.ts'),
        import('../../reports/releases.ts'),
      ]);
      await runReleases(revisions, { missing, render: renderReleases });
    });
}
