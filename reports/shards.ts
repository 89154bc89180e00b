import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { readArguments } from '../helpers/arguments.ts';
import { messageOf } from '../helpers/errors.ts';
import { clearSuitesOutputs } from './outputs.ts';
import { differences } from './same-run.ts';
import { specFilesIn } from './spec-files.ts';

const USAGE = `pnpm shards                 the suites in 4 shards, one after the other, and their reports merged
pnpm shards run 2/4         one shard; its report goes to <into>/blobs
pnpm shards merge           the reports that are in <into>/blobs, as one
--count 4  --into reports/out  --against report.json: compares the merged report with that of an unsharded run`;

const OPTIONS = {
  count: { type: 'string', default: '4' },
  into: { type: 'string', default: 'reports/out' },
  against: { type: 'string' },
} as const;

async function main(): Promise<void> {
  const { positionals, values } = readArguments({
    options: OPTIONS,
    allowPositionals: true,
  });
  const [verb, shard = ''] = positionals;
  const { against, into } = values;
  if (verb === 'run') {
    const [, index, count] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(shard) ?? [];
    if (index === undefined || Number(index) > Number(count))
      throw new Error(`shard ${JSON.stringify(shard)}: wanted one like 2/4\n${USAGE}`);
    await requireFiles(Number(count));
    process.exitCode = await runShard(shard, into);
  } else if (verb === 'merge') {
    process.exitCode = await merge(into);
  } else if (verb === undefined) {
    await all(Number(values.count), into);
  } else {
    throw new Error(USAGE);
  }
  if (against !== undefined) await compare(join(into, 'report.json'), against);
}

async function all(count: number, into: string): Promise<void> {
  if (!Number.isInteger(count) || count < 1) throw new Error('--count: wanted a number from 1');
  await requireFiles(count);
  await clearSuitesOutputs(into, new Date());
  // What an earlier run left would be merged too.
  await rm(blobsIn(into), { recursive: true, force: true });
  // A failed test is no reason not to merge: the merged report says it, and ends with its exit code.
  for (let index = 1; index <= count; index += 1) await runShard(`${index}/${count}`, into);
  process.exitCode = await merge(into);
}

/** Vitest runs no shard where there are more shards than files. */
async function requireFiles(count: number): Promise<void> {
  const { length } = await specFilesIn(process.cwd());
  if (count > length) throw new Error(`${count} shards are wanted of ${length} spec files; wanted ${length} at most`);
}

function blobsIn(directory: string): string {
  return join(directory, 'blobs');
}

async function runShard(shard: string, into: string): Promise<number> {
  await mkdir(blobsIn(into), { recursive: true });
  const blob = join(blobsIn(into), `${shard.replace('/', '-of-')}.json`);
  // Should this run be killed, the merged report is to lack this shard, not to have an earlier one.
  await rm(blob, { force: true });
  const reporters = ['--reporter=default', '--reporter=blob', `--outputFile.blob=${blob}`];
  return vitest(into, ['run', '--project=suites', `--shard=${shard}`, ...reporters]);
}

async function merge(into: string): Promise<number> {
  // An earlier report would look like this one when nothing can be merged.
  await clearSuitesOutputs(into, new Date());
  await checkBlobs(blobsIn(into));
  return vitest(into, ['run', `--merge-reports=${blobsIn(into)}`]);
}

/** Vitest says of a blob that is cut short only where parsing it ended. */
async function checkBlobs(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (names.length === 0)
    throw new Error(`${directory} has no report to merge: run \`pnpm shards run 1/4\` and so on first`);
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

try {
  await main();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
