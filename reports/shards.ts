import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { messageOf } from '../helpers/errors.ts';
import { clearSuitesOutputs } from './outputs.ts';
import { differences } from './run/same-run.ts';
import { specFilesIn } from './spec-files.ts';

/** Options of all commands of shards. */
export interface ShardOptions {
  /** Directory of reports. */
  readonly into: string;
  /** report.json of an unsharded run, to compare the merged one with. */
  readonly against?: string;
}

/** Runs one shard, given as 2/4, and writes its report to the directory `blobs`. */
export async function runOneShard(shard: string, { into }: Pick<ShardOptions, 'into'>): Promise<void> {
  const [, index, count] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(shard) ?? [];
  if (index === undefined || Number(index) > Number(count))
    throw new Error(`shard ${JSON.stringify(shard)}: expected one such as 2/4`);
  await requireFiles(Number(count));
  process.exitCode = await runShard(shard, into);
}

/** Merges the reports of shards. */
export async function mergeShards({ against, into }: ShardOptions): Promise<void> {
  process.exitCode = await merge(into);
  if (against !== undefined) await compare(join(into, 'report.json'), against);
}

/** Runs all shards, one after the other, and merges their reports. */
export async function runAllShards({ count, ...options }: ShardOptions & { readonly count: number }): Promise<void> {
  const { into } = options;
  await requireFiles(count);
  await clearSuitesOutputs(into, new Date());
  // Blobs of earlier runs are removed, because they would be merged as well.
  await rm(blobsIn(into), { recursive: true, force: true });
  // Reports of failed shards are merged too; the merge sets the exit code.
  for (let index = 1; index <= count; index += 1) await runShard(`${index}/${count}`, into);
  await mergeShards(options);
}

/** Requires at least as many spec files as shards: Vitest rejects more shards than files. */
async function requireFiles(count: number): Promise<void> {
  const { length } = await specFilesIn(process.cwd());
  if (count > length) throw new Error(`${count} shards: expected at most ${length}, the number of spec files`);
}

function blobsIn(directory: string): string {
  return join(directory, 'blobs');
}

async function runShard(shard: string, into: string): Promise<number> {
  await mkdir(blobsIn(into), { recursive: true });
  const blob = join(blobsIn(into), `${shard.replace('/', '-of-')}.json`);
  // The shard's old blob is removed: if this run is killed, the merged report must lack this shard instead of
  // containing an earlier one.
  await rm(blob, { force: true });
  const reporters = ['--reporter=default', '--reporter=blob', `--outputFile.blob=${blob}`];
  return vitest(into, ['run', '--project=suites', `--shard=${shard}`, ...reporters]);
}

async function merge(into: string): Promise<number> {
  // Reports of an earlier run are removed: they must not be mistaken for this one if merging fails.
  await clearSuitesOutputs(into, new Date());
  await checkBlobs(blobsIn(into));
  return vitest(into, ['run', `--merge-reports=${blobsIn(into)}`]);
}

/**
 * Checks the blobs of shards and names a damaged file; Vitest's error for a truncated blob is only a parser position.
 */
async function checkBlobs(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length === 0)
    throw new Error(`${directory} has no report to merge: run \`pnpm kata shards run 1/4\` and so on first`);
  for (const name of names) {
    const file = join(directory, name);
    try {
      JSON.parse(await readFile(file, 'utf8'));
    } catch (cause) {
      throw new Error(`${file} is damaged (${messageOf(cause)}): run that shard again, or remove it`, { cause });
    }
  }
}

async function vitest(reportsDir: string, args: readonly string[]): Promise<number> {
  const options = { preferLocal: true, stdio: 'inherit', reject: false } as const;
  const { exitCode } = await execa('vitest', args, { ...options, env: { KATA_REPORTS_DIR: reportsDir } });
  return exitCode ?? 1;
}

async function compare(merged: string, whole: string): Promise<void> {
  const [ours, theirs] = await Promise.all(
    [whole, merged].map(async (file) => JSON.parse(await readFile(file, 'utf8'))),
  );
  const found = differences(ours, theirs);
  if (found.length > 0) throw new Error(`the merged report differs from the unsharded one:\n${found.join('\n')}`);
  console.log('the merged report equals the unsharded one');
}
