import type { ShardOptions } from '../../reports/shards.ts';
import { command, type KataCommand, wholeNumberFrom } from './kata-command.ts';

const load = () => import('../../reports/shards.ts');

/** `pnpm kata shards`. */
export function shardsCommand(): KataCommand {
  const shards = command('shards', 'Run the suites in shards and merge their reports; without a command, all of them');
  shards
    .command('run')
    .description('Run one shard and write its report to the directory blobs')
    .argument('<shard>', 'such as 2/4')
    .action(async (shard: string) => (await load()).runOneShard(shard, shards.opts<ShardOptions>()));
  shards
    .command('merge')
    .description('Merge the reports in the directory blobs')
    .action(async () => (await load()).mergeShards(shards.opts<ShardOptions>()));
  shards
    .option('--count <number>', 'number of shards', wholeNumberFrom(1), 4)
    .option('--into <directory>', 'directory of reports', 'reports/out')
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
