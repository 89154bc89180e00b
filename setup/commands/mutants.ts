import { Option } from 'commander';
import { ConfigError } from '../../helpers/errors.ts';
import { command, type KataCommand } from './kata-command.ts';

interface MutantsOptions {
  readonly mute?: true;
  readonly only?: 'methods' | 'fields';
  readonly specs?: readonly string[];
  readonly again?: true;
}

/** `pnpm kata mutants`. */
export function mutantsCommand(): KataCommand {
  return command('mutants', 'Run the suites with mutations, each of which must fail a spec')
    .argument(
      '[names...]',
      'names of mutants in setup/mutants/catalogue.ts, all by default; those of policies, of helpers/contract/input-swap.ts, which change what specs put into guests, and of helpers/contract/cdh-mutant.ts, on the configured target and agent; or with --mute of methods',
    )
    .option('--mute', 'instead mute methods of the agent, and fields of their requests, named as in KATA_MUTE')
    .addOption(new Option('--only <kind>', 'with --mute: only methods, or only fields').choices(['methods', 'fields']))
    .option('--specs <files...>', 'with --mute or mutants of inputs and of the CDH: only these spec files')
    .option('--again', 'measure again what suites/proofs.json or suites/detected.json has')
    .addHelpText(
      'after',
      '\nWrites mutants.json, or with --mute mutes.json, in the directory of reports; with --mute also suites/proofs.json, with mutants of inputs and of the CDH suites/detected.json, after each run, so that an interrupted measurement goes on where it was. Exit code 1 if a mutant survives.',
    )
    .action(async (names: readonly string[], { mute, ...options }: MutantsOptions) => {
      if (mute) return (await import('./mutants/mutes.ts')).runMutes({ names, ...options });
      const { only, ...swaps } = options;
      if (only !== undefined) throw new ConfigError('--only needs --mute');
      return (await import('./mutants/mutants.ts')).runMutants(names, swaps);
    });
}
