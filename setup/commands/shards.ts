import { type Command, Option } from 'commander';
import type { ShardOptions } from '../../reports/shards.ts';
import { projectPath } from '../project.ts';
import { command, type KataCommand, wholeNumberFrom } from './kata-command.ts';

const load = () => import('../../reports/shards.ts');

/** `pnpm kata shards`. */
export function shardsCommand(): KataCommand {
  const shards = command('shards', 'Run the suites in shards and merge their reports; without a command, all of them');
  shards
    .command('run')
    .description('Run one shard and write its report to the directory blobs')
    .argument('<shard>', 'such as 2/4')
    .argument('[filters...]', 'parts of the paths of the spec files to run; without them, all')
    .hook('preAction', (_, run) => rejectOptions(shards, run, ['count', 'against']))
    .action(async (shard: string, filters: readonly string[]) =>
      (await load()).runOneShard(shard, filters, shards.opts<ShardOptions>()),
    );
  shards
    .command('merge')
    .description('Merge the reports in the directory blobs')
    .hook('preAction', (_, merge) => rejectOptions(shards, merge, ['count']))
    .action(async () => (await load()).mergeShards(shards.opts<ShardOptions>()));
  shards
    .option('--count <number>', 'number of shards', wholeNumberFrom(1), 4)
    .addOption(
      new Option('--into <directory>', 'directory of reports').default(projectPath('reports/out'), 'reports/out'),
    )
    .option('--against <report>', 'report.json of an unsharded run, to compare the merged one with')
    .configureHelp({ showGlobalOptions: true })
    // The action suggests the nearest command for one.
    .allowExcessArguments()
    .action(async (options: ShardOptions & { readonly count: number }) => {
      const [unknown] = shards.args;
      if (unknown !== undefined) shards.rejectCommand(unknown);
      await (await load()).runAllShards(options);
    });
  return shards;
}

/** Rejects options of the group that have no effect on one of its commands. */
function rejectOptions(group: Command, used: Command, names: readonly string[]): void {
  const given = names.find((name) => group.getOptionValueSource(name) === 'cli');
  if (given !== undefined) used.error(`error: shards ${used.name()} does not take the option '--${given}'`);
}
