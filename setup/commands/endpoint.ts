import { Option } from 'commander';
import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata endpoint`. */
export function endpointCommand(): KataCommand {
  const endpoint = command('endpoint', 'Add methods of a Kata branch to the protos of this project');
  endpoint
    .command('add')
    .description('Add a method: protos with its messages, types, and a spec that fails until you write what it returns')
    .argument('<method>', 'name of the method, such as GetEvents')
    .requiredOption('--from <checkout>', 'directory of a Kata checkout that declares the method')
    .addOption(protoSet())
    .option('--spec <path>', 'path of the new spec, such as suites/agent/get-events.spec.ts')
    .addHelpText('after', '\nExample:\n  pnpm kata endpoint add GetEvents --from ~/kata-containers')
    .action(async (method: string, options) => (await import('../../protos/commands.ts')).endpointAdd(method, options));
  return endpoint;
}

/** The option that chooses one of our sets of protos. */
export function protoSet(): Option {
  return new Option('--set <set>', "set of our protos; that of the checkout's generation by default").choices([
    'skopeo',
    'main',
  ]);
}
