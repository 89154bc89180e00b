import { command, type KataCommand } from './kata-command.ts';

const load = () => import('./devvm/commands.ts');

/** `pnpm kata devvm` and `pnpm devvm`. */
export function devvmCommand(): KataCommand {
  const devvm = command('devvm', 'A disposable VM for target kata, with systemd, containerd, KVM and vhost-vsock')
    // The arguments of `run` and `test` are not those of this program.
    .enablePositionalOptions();
  devvm
    .command('up')
    .description('Start the dev VM; build it first if there is none')
    .action(async () => (await load()).up());
  devvm
    .command('run')
    .description("Run a command in it, in this project's directory")
    .argument('<command...>', 'the command, after -- if it begins with a dash')
    .passThroughOptions()
    .addHelpText('after', '\nExample:\n  pnpm devvm run -- journalctl --unit containerd')
    .action(async (words: readonly string[]) => (await load()).run(words));
  devvm
    .command('test')
    .description('Run the suites in it, with KATA_TARGET=kata unless another is set')
    .argument('[arguments...]', 'arguments of `pnpm test`')
    .passThroughOptions()
    .allowUnknownOption()
    .addHelpText('after', '\nExample:\n  pnpm devvm test suites/shim -t clone')
    .action(async (words: readonly string[]) => {
      const { clearSuitesOutputs } = await import('../../reports/outputs.ts');
      await (await load()).test(words, (directory) => clearSuitesOutputs(directory, new Date()));
    });
  devvm
    .command('ssh')
    .description('Open a shell in it')
    .action(async () => (await load()).ssh());
  devvm
    .command('save')
    .description('Save a snapshot of it, with its running programs')
    .argument('<name>', 'name of the snapshot')
    .action(async (name: string) => (await load()).save(name));
  devvm
    .command('restore')
    .description('Restore a snapshot in seconds; later changes are lost')
    .argument('<name>', 'name of the snapshot')
    .action(async (name: string) => (await load()).restore(name));
  devvm
    .command('saved')
    .description('List the snapshots')
    .action(async () => (await load()).saved());
  devvm
    .command('down')
    .description('Power it off')
    .option('--discard', 'delete its disk and its snapshots')
    .action(async (options: { readonly discard?: true }) => (await load()).down(options));
  return devvm;
}
