import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { ConfigError, HarnessError } from '../../../helpers/errors.ts';
import { givenVariables, withoutEffect } from '../../config/config.ts';
import { type Config, type TargetedConfig, withTarget } from '../../config/validated.ts';
import { obstacles, ownContainerd, type Versions } from '../../host/doctor.ts';
import { inspectTarget } from '../../session/inspect-target.ts';
import { readSettings } from '../../session/settings.ts';
import { missingPart, whyUnfit } from '../../steps/kata/bundle-fit.ts';
import { type KataBundle, kataBundle, readBundle } from '../../steps/kata/kata-bundle.ts';
import { rejectEmptyArguments } from '../../vitest/arguments.ts';
import { requireSpecFiles } from '../../vitest/required-files.ts';
import { whyNoCluster } from './cluster.ts';
import { type DebianVersion, debianFor } from './debian.ts';
import { whyNotBuild, whyNotBundle, whyNotOn } from './fit.ts';
import { openShell, runInside } from './inside.ts';
import { findDevVm, killDevVm, startDevVm, stopDevVm } from './machine.ts';
import { fetchReport, noteBeginning, REPORT_SETTINGS } from './report.ts';
import { buildHere, diskOf, runningDevVm, stopwatch } from './running.ts';
import { findSaved, forgetSaved, listSaved, savedName } from './saved.ts';
import { settingsInside } from './settings-inside.ts';
import { goOn, saveDevVm } from './snapshot.ts';

/** Starts the dev VM, and builds it first if there is none. */
export async function up(): Promise<void> {
  readSettings();
  const { key, sshPort } = await runningDevVm();
  console.log(`the dev VM is up: pnpm devvm ssh, or ssh -i ${key} -p ${sshPort} root@127.0.0.1`);
}

/** Runs a command in the dev VM, in this project's directory. */
export async function run(command: readonly string[]): Promise<void> {
  const settings = settingsInside(readSettings());
  await runInside(await runningDevVm(), command, settings);
}

/**
 * Runs the suites in the dev VM, with arguments for Vitest, and copies their report. `clearReport` removes an earlier report from a directory of
 * this machine.
 */
export async function test(args: readonly string[], clearReport: (directory: string) => Promise<void>): Promise<void> {
  const { config, versions } = await inspectTarget({ changes: { target: 'kata' } });
  rejectEmptyArguments('pnpm devvm test', args);
  await requireSpecFiles(args);
  const running = (await findDevVm())?.hardware.debian;
  await rejectInVain(config, versions, running);
  const vitest = ['node', 'node_modules/vitest/vitest.mjs', 'run', '--project', 'suites', ...args];
  const given = config.bundle === undefined ? undefined : await fittingBundle(config.bundle, config, running);
  // The dev VM has no compilers and is slow.
  const made = given ?? (await buildHere(kataBundle));
  const vm = await runningDevVm(given === undefined ? {} : { devvmDebian: debianFor(config, given.agent.generation) });
  const problem = whyNotOn(vm.hardware.debian, made, config);
  if (problem !== undefined) throw new HarnessError('devvm', problem);
  const { directory: bundle } = made;
  // Settings of sources have no effect in the dev VM, which uses the bundle and does not read the sources from which
  // it was built.
  const built = withoutEffect(withTarget('kata', { ...config, bundle })).map((setting) => setting.name);
  const settings = settingsInside({ ...config, bundle }, { ...givenVariables(), KATA_BUNDLE: bundle });
  await clearReport(config.reportsDir);
  await noteBeginning(vm);
  await runInside(vm, vitest, { KATA_TARGET: 'kata', ...settings }, [...built, ...REPORT_SETTINGS]);
  if (await fetchReport(vm, config.reportsDir)) {
    console.log(
      `the report was copied from the dev VM to ${relative(process.cwd(), join(config.reportsDir, 'index.html'))}`,
    );
  }
}

/**
 * Throws for settings with which the suites cannot run in the dev VM, before anything is built. `running` is the Debian of a dev VM that runs
 * already.
 */
async function rejectInVain(
  config: TargetedConfig,
  versions: Versions,
  running: DebianVersion | undefined,
): Promise<void> {
  settingsInside(config);
  const [problem] = [
    await whyNoCluster(config),
    whyNotBundle(config),
    whyNotBuild(config, running),
    ...obstacles(ownContainerd(config, versions)),
  ].filter((one) => one !== undefined);
  if (problem !== undefined) throw new ConfigError(problem);
}

/** Opens a shell in the dev VM. */
export async function ssh(): Promise<void> {
  readSettings();
  await openShell(await runningDevVm());
}

/** Saves a snapshot of the dev VM, with its running programs. */
export async function save(given: string): Promise<void> {
  readSettings();
  const name = savedName(given);
  const vm = await findDevVm();
  if (vm === undefined) throw new HarnessError('devvm', 'no dev VM is running; start one with `pnpm devvm up`');
  console.log(`saving the dev VM as ${name}`);
  const done = stopwatch();
  await saveDevVm(vm, name);
  console.log(`saved in ${done()}: pnpm devvm restore ${name}`);
}

/** Restores a snapshot; later changes are lost. */
export async function restore(given: string): Promise<void> {
  const { cacheDir } = readSettings();
  const disk = diskOf({ cacheDir });
  const { at, hardware, name } = await findSaved(disk, savedName(given));
  const running = await findDevVm();
  if (running) await killDevVm(running);
  const done = stopwatch();
  const vm = await startDevVm({ hardware, disk, cacheDir, from: name });
  await goOn(vm);
  console.log(`restored the dev VM's state of ${at} in ${done()}`);
}

/** Lists the snapshots. */
export async function saved(): Promise<void> {
  const all = await listSaved(diskOf(readSettings()));
  console.log(all.map(({ at, name }) => `${name}  ${at}`).join('\n') || 'no snapshot is saved');
}

/** Powers the dev VM off; with `discard`, deletes its disk and its snapshots. */
export async function down({ discard }: { readonly discard?: true }): Promise<void> {
  const disk = diskOf(readSettings());
  const vm = await findDevVm();
  if (vm) await stopDevVm(vm);
  if (discard) {
    await forgetSaved(disk);
    await rm(disk, { force: true });
  }
  console.log(vm ? 'the dev VM is down' : 'no dev VM is running');
}

/** The user's Kata install bundle. Throws {@link ConfigError} if the settings, or a dev VM that runs already, do not fit it. */
async function fittingBundle(
  directory: string,
  config: Config,
  running: DebianVersion | undefined,
): Promise<KataBundle> {
  const bundle = await readBundle(directory);
  const missing = await missingPart(bundle);
  const debian = running ?? debianFor(config, bundle.agent.generation);
  const unfit = whyUnfit(bundle, config) ?? whyNotOn(debian, bundle, config);
  const problem = missing === undefined ? unfit : `it contains no ${missing}`;
  if (problem !== undefined) throw new ConfigError(`KATA_BUNDLE=${directory}: ${problem}`);
  return bundle;
}
