import { COMMANDS } from './ccv0/commands.ts';
import { command, type KataCommand } from './kata-command.ts';

interface Options {
  readonly debug?: true;
  readonly force?: true;
  readonly from?: string;
  readonly only?: readonly string[];
}

const EXPLANATION = `
KATA_KERNEL=source and KATA_QEMU=source build the kernel and QEMU as upstream does; docs/settings.md lists all settings.
katacontainers_repo and katacontainers_branch set the Kata to build; PULL_IMAGE, CONTAINER_ID and SOURCE_CREDS the
image to pull. A command for a sandbox uses the named one, or the only one that runs.`;

/** `pnpm kata ccv0` and `pnpm ccv0`: the commands of CCv0's script. Options may precede the command or follow it. */
export function ccv0Command(): KataCommand {
  const ccv0 = command('ccv0', 'Build, install and test Kata with the commands of the CCv0 script')
    .option('-d, --debug', 'show the output of every build command')
    .option(
      '--only <steps>',
      'for build commands: run only these steps (`pnpm plan` lists them), separated by commas',
      (steps) => steps.split(','),
    )
    .option('--from <step>', 'for build commands: run this step and all steps that need it')
    .option('--force', 'for build commands: run them even if they are up to date')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXPLANATION);
  for (const [name, { does, forSandbox }] of Object.entries(COMMANDS)) {
    const declared = ccv0.command(name).description(does);
    if (forSandbox) declared.argument('[sandbox]', 'id of the sandbox, if several run');
    declared.action(async () => {
      const { debug = false, ...choice } = ccv0.opts<Options>();
      const { runCommand } = await import('./ccv0/run-command.ts');
      await runCommand(name, { args: declared.args, choice, debug });
    });
  }
  return ccv0;
}
