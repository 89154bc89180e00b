import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { selectedSpecFiles, specFilesIn } from '../helpers/contract/spec-files.ts';
import { messageOf } from '../helpers/errors.ts';
import type { RunReport } from './model.ts';
import { clearSuitesOutputs } from './outputs.ts';
import { differences } from './run/same-run.ts';

/** This project's directory, in which Vitest runs. */
const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const VITEST = join(PROJECT, 'node_modules/vitest/vitest.mjs');

/** Signals by which a cluster or a user ends a shard. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Exit codes above this one are of a process that a signal ended, as in shells. */
const SIGNALLED = 128;

/** Options of all commands of shards. */
export interface ShardOptions {
  /** Directory of reports. */
  readonly into: string;
  /** report.json of an unsharded run, to compare the merged one with. */
  readonly against?: string;
}

/**
 * Runs one shard, given as 2/4, and writes its report to the directory `blobs`. With filters, the shards are those of the spec files whose
 * path contains one of them.
 */
export async function runOneShard(
  shard: string,
  filters: readonly string[],
  { into }: Pick<ShardOptions, 'into'>,
): Promise<void> {
  const [, index, count] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(shard) ?? [];
  if (index === undefined) throw new Error(`shard ${JSON.stringify(shard)}: expected one such as 2/4`);
  if (Number(index) > Number(count))
    throw new Error(`shard ${shard}: expected one from 1/${count} to ${count}/${count}`);
  await requireFiles(Number(count), filters);
  process.exitCode = await runShard(shard, resolve(into), filters);
}

/** Merges the reports of shards. */
export async function mergeShards({ against, into }: ShardOptions): Promise<void> {
  const whole = await readWhole(against);
  const directory = resolve(into);
  await checkBlobs(blobsIn(directory));
  await mergeInto(directory, whole);
}

/** Runs all shards, one after the other, and merges their reports. */
export async function runAllShards(options: ShardOptions & { readonly count: number }): Promise<void> {
  const { against, count } = options;
  await requireFiles(count);
  const whole = await readWhole(against);
  const into = resolve(options.into);
  await clearSuitesOutputs(into, new Date());
  // Blobs of earlier runs are removed, because they would be merged as well.
  await rm(blobsIn(into), { recursive: true, force: true });
  // Reports of failed shards are merged too; the merge sets the exit code.
  for (let index = 1; index <= count; index += 1) {
    const code = await runShard(`${index}/${count}`, into);
    if (code > SIGNALLED) {
      process.exitCode = code;
      return;
    }
  }
  await checkBlobs(blobsIn(into));
  await mergeInto(into, whole);
}

/** Requires at least as many spec files as shards, because Vitest rejects more shards than files, and a spec file for each filter. */
async function requireFiles(count: number, filters: readonly string[] = []): Promise<void> {
  const { length } = selectedSpecFiles(await specFilesIn(PROJECT), filters, PROJECT);
  if (count > length) throw new Error(`${count} shards: expected at most ${length}, the number of spec files to run`);
}

function blobsIn(directory: string): string {
  return join(directory, 'blobs');
}

async function runShard(shard: string, into: string, filters: readonly string[] = []): Promise<number> {
  await mkdir(blobsIn(into), { recursive: true });
  const blob = join(blobsIn(into), `${shard.replace('/', '-of-')}.json`);
  // The shard's old blob is removed: if this run is killed, the merged report must lack this shard instead of
  // containing an earlier one.
  await rm(blob, { force: true });
  const reporters = ['--reporter=default', '--reporter=blob', `--outputFile.blob=${blob}`];
  const code = await vitest(into, ['run', '--project=suites', `--shard=${shard}`, ...reporters, ...filters]);
  // Vitest writes the report of an interrupted run as well, in which tests are missing.
  if (code > SIGNALLED) await rm(blob, { force: true });
  return code;
}

/** Merges the blobs, which are valid, and compares the merged report with the one of an unsharded run, if given. */
async function mergeInto(into: string, whole: RunReport | undefined): Promise<void> {
  // Reports of an earlier run are removed: they must not be mistaken for this one if merging fails.
  await clearSuitesOutputs(into, new Date());
  process.exitCode = await vitest(into, ['run', `--merge-reports=${blobsIn(into)}`]);
  if (whole !== undefined) compare(await readReport(join(into, 'report.json')), whole);
}

/**
 * Checks the blobs of shards and names a damaged file; Vitest's error for a truncated blob is only a parser position.
 * Merging checks them before it changes anything.
 */
async function checkBlobs(directory: string): Promise<void> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
  if (names.length === 0)
    throw new Error(`${directory} has no report to merge: run \`pnpm kata shards run 1/4\` and so on first`);
  for (const name of names) {
    const file = join(directory, name);
    try {
      requireBlob(JSON.parse(await readFile(file, 'utf8')));
    } catch (cause) {
      throw new Error(`${file} is damaged (${messageOf(cause)}): run that shard again, or remove it`, { cause });
    }
  }
}

/** Requires a report of Vitest's blob reporter: values in the format of flatted, of which the first is a version. */
function requireBlob(value: unknown): void {
  const [root] = Array.isArray(value) ? value : [];
  const [version] = Array.isArray(root) ? root : [];
  if (!Array.isArray(value) || typeof value[Number(version)] !== 'string')
    throw new Error("it is JSON, but no report of Vitest's blob reporter");
}

/**
 * Runs Vitest and returns its exit code, or 128 and the number of the signal that ended it: a killed shard must not look like one
 * with failed tests. Vitest gets the signals that this process gets, and this process waits until Vitest has undone set-up.
 */
async function vitest(reportsDir: string, args: readonly string[]): Promise<number> {
  const options = { cwd: PROJECT, stdio: 'inherit', reject: false } as const;
  // Not through pnpm's scripts in node_modules/.bin: those are shells, which pass no signal on.
  const child = execa(process.execPath, [VITEST, ...args], { ...options, env: { KATA_REPORTS_DIR: reportsDir } });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of ENDING) process.on(signal, forward);
  const { exitCode, signal } = await child;
  for (const ending of ENDING) process.off(ending, forward);
  return exitCode ?? (signal === undefined ? 1 : SIGNALLED + constants.signals[signal]);
}

/** The report of the unsharded run, if the user named one; read before anything runs, to reject a wrong path at once. */
async function readWhole(against: string | undefined): Promise<RunReport | undefined> {
  if (against === undefined) return undefined;
  try {
    return await readReport(against);
  } catch (cause) {
    throw new Error(`--against ${against}: expected the report.json of an unsharded run: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function readReport(file: string): Promise<RunReport> {
  const report: unknown = JSON.parse(await readFile(file, 'utf8'));
  const schema = typeof report === 'object' && report !== null && 'schema' in report ? report.schema : undefined;
  if (schema !== 'kata-cc-suite/run/1') throw new Error(`${file} is JSON, but no report of a run`);
  return report as RunReport;
}

function compare(merged: RunReport, whole: RunReport): void {
  const found = differences(whole, merged);
  if (found.length > 0) throw new Error(`the merged report differs from the unsharded one:\n${found.join('\n')}`);
  console.log('the merged report equals the unsharded one');
}
