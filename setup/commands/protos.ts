import { protoSet } from './endpoint.ts';
import { command, type KataCommand } from './kata-command.ts';

/** `pnpm kata protos`. */
export function protosCommand(): KataCommand {
  const protos = command('protos', 'Compare the protos of this project with a Kata branch; generate their types');
  protos
    .command('diff')
    .description('List what a checkout adds, removes or changes on the wire, and what of it breaks peers')
    .requiredOption('--from <checkout>', 'directory of a Kata checkout')
    .addOption(protoSet())
    .addHelpText('after', '\nExample:\n  pnpm kata protos diff --from ~/kata-containers')
    .action(async (options) => (await import('../../protos/commands.ts')).protosDiff(options));
  protos
    .command('generate')
    .description('Generate the types in protos/generated')
    .option('--check', 'only check that they are up to date')
    .action(async (options) => (await import('../../protos/generate.ts')).generateProtos(options));
  return protos;
}
