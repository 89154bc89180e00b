import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { ConfigError, messageOf } from '../../../helpers/errors.ts';
import { fileExists, readIfThere } from '../../../helpers/files.ts';
import { readArguments } from '../../../helpers/process/arguments.ts';
import { commandLine, minimalEnv } from '../../../helpers/process/exec.ts';
import { didYouMean } from '../../../helpers/text/nearest.ts';
import { givenVariables, loadConfig, withoutEffect } from '../../config/config.ts';
import { type Config, withTarget } from '../../config/validated.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { projectPath } from '../../project.ts';
import { type Build, openSession } from '../../session/open-session.ts';
import { readSettings } from '../../session/settings.ts';
import type { Step } from '../../step.ts';
import { kataBundle } from '../../steps/kata/kata-bundle.ts';
import { devVmImage } from './image.ts';
import {
  type DevVm,
  findDevVm,
  hardwareHere,
  killDevVm,
  sshCommand,
  startDevVm,
  stopDevVm,
  untilAnswers,
} from './machine.ts';
import { findSaved, forgetSaved, listSaved, savedName } from './saved.ts';
import { goOn, saveDevVm } from './snapshot.ts';

const USAGE = `Usage: pnpm devvm <command>
  up                 start the dev VM; build it first if there is none
  run -- COMMAND     run a command in it, in this project's directory
  test [ARGUMENTS]   run the suites in it, with KATA_TARGET=kata unless another is set
  ssh                open a shell in it
  save NAME          save a snapshot of it, with its running programs
  restore NAME       restore a snapshot in seconds; later changes are lost
  saved              list the snapshots
  down [--discard]   power it off; --discard deletes its disk and its snapshots`;

const PROJECT = '/srv/kata-cc-suite';
const SHARED_CACHE = '/var/cache/kata-cc';

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  async up(args) {
    takeNone(args);
    const { key, sshPort } = await up();
    console.log(`the dev VM is up: pnpm devvm ssh, or ssh -i ${key} -p ${sshPort} root@127.0.0.1`);
  },
  async run(args) {
    const command = args[0] === '--' ? args.slice(1) : args;
    if (command.length === 0) throw new Error('pnpm devvm run -- COMMAND: the command is missing');
    await inside(await up(), command);
  },
  async test(args) {
    const vitest = ['node', 'node_modules/vitest/vitest.mjs', 'run', '--project', 'suites', ...args];
    const bundle = await buildBundle();
    // Settings of sources have no effect in the dev VM, which uses the bundle and does not read the sources from which
    // it was built.
    const built = withoutEffect(withTarget('kata', { ...loadConfig(), bundle })).map((setting) => setting.name);
    await inside(await up(), vitest, { defaults: { KATA_TARGET: 'kata', KATA_BUNDLE: bundle }, without: built });
  },
  async ssh(args) {
    takeNone(args);
    const vm = await up();
    await attach(sshCommand(vm, [`${await prepare()}\ncd ${PROJECT} && exec bash -l`], true));
  },
  async save(args) {
    const name = savedName(takeName(args));
    const vm = await findDevVm();
    if (vm === undefined) throw new Error('no dev VM is running; start one with `pnpm devvm up`');
    console.log(`saving the dev VM as ${name}`);
    const done = stopwatch();
    await saveDevVm(vm, name);
    console.log(`saved in ${done()}: pnpm devvm restore ${name}`);
  },
  async restore(args) {
    const config = loadConfig();
    const disk = diskOf(config);
    const { at, hardware, name } = await findSaved(disk, savedName(takeName(args)));
    const running = await findDevVm();
    if (running) await killDevVm(running);
    const done = stopwatch();
    const vm = await startDevVm({ hardware, disk, cacheDir: config.cacheDir, from: name });
    await goOn(vm);
    console.log(`restored the dev VM's state of ${at} in ${done()}`);
  },
  async saved(args) {
    takeNone(args);
    const all = await listSaved(diskOf(loadConfig()));
    console.log(all.map(({ at, name }) => `${name}  ${at}`).join('\n') || 'no snapshot is saved');
  },
  async down(args) {
    const { values } = readArguments({ args, options: { discard: { type: 'boolean' } } });
    const vm = await findDevVm();
    if (vm) await stopDevVm(vm);
    if (values.discard) {
      const disk = diskOf(loadConfig());
      await forgetSaved(disk);
      await rm(disk, { force: true });
    }
    console.log(vm ? 'the dev VM is down' : 'no dev VM is running');
  },
};

function takeNone(args: readonly string[]): void {
  readArguments({ args, options: {} });
}

/** The snapshot name in a command's arguments; empty if there is none. */
function takeName(args: readonly string[]): string {
  const [name = '', ...more] = readArguments({ args, options: {}, allowPositionals: true }).positionals;
  if (more.length > 0) throw new ConfigError(`expected one name, got more: ${more.join(' ')}`);
  return name;
}

/**
 * Builds Kata on this machine, because the dev VM has no compilers and is slow. Returns the bundle's path in the dev
 * VM.
 */
async function buildBundle(): Promise<string> {
  const { cacheDir } = loadConfig();
  const { directory } = await buildHere(kataBundle);
  return join(SHARED_CACHE, relative(cacheDir, directory));
}

/** Builds an artefact and returns what it is. */
async function buildHere<Out>(wanted: Step<Out>, options: Omit<Build, 'steps'> = {}): Promise<Out> {
  await using session = await openSession({
    changes: { target: 'kata' },
    build: { ...options, steps: [wanted] },
    signal: takeOverSignals(() => {}),
  });
  return session.result(wanted);
}

/** The running dev VM, which is started if necessary. */
async function up(): Promise<DevVm> {
  const running = await findDevVm();
  if (running) {
    if (!running.answered) console.log('the dev VM is starting; waiting until it responds');
    return untilAnswers(running);
  }
  const image = await buildHere(devVmImage, { unresolved: true });
  const config = loadConfig();
  const accelerator = await nestedAccelerator();
  const how = accelerator === 'kvm' ? 'nested KVM' : 'software emulation: this machine has no nested KVM';
  console.log(`starting the dev VM (${how})`);
  const done = stopwatch();
  const hardware = hardwareHere(image, accelerator);
  const vm = await startDevVm({ hardware, disk: diskOf(config), cacheDir: config.cacheDir });
  console.log(`the dev VM responded after ${done()}`);
  return vm;
}

function stopwatch(): () => string {
  const begun = performance.now();
  return () => `${((performance.now() - begun) / 1_000).toFixed(1)} s`;
}

/** The accelerator of the dev VM: KVM only with nested virtualisation, which Kata needs inside the dev VM. */
async function nestedAccelerator(): Promise<'kvm' | 'tcg'> {
  const modules = ['kvm_intel', 'kvm_amd'].map((module) => `/sys/module/${module}/parameters/nested`);
  const answers = await Promise.all(modules.map(async (file) => (await readIfThere(file)) ?? 'N'));
  return answers.some((answer) => /^[Y1]/.test(answer)) && (await fileExists('/dev/kvm')) ? 'kvm' : 'tcg';
}

function diskOf({ cacheDir }: Config): string {
  return join(cacheDir, 'devvm-disk', 'disk.qcow2');
}

/** Runs a command in the dev VM with this process's streams and the user's settings, and returns its exit code. */
async function inside(
  vm: DevVm,
  command: readonly string[],
  { defaults = {}, without = [] }: { defaults?: Record<string, string>; without?: readonly string[] } = {},
): Promise<void> {
  // KATA_CDH is not passed on: the CDH is in the bundle, and the path in KATA_CDH does not exist in the dev VM.
  const { KATA_CACHE_DIR: _, KATA_CDH: __, SOURCE_CREDS: ___, ...given } = givenVariables();
  const variables = Object.entries({ ...defaults, ...given })
    .filter(([name]) => !without.includes(name))
    .map(([name, value]) => `${name}=${value}`);
  const script = `${await prepare()}\ncd ${PROJECT} && exec env ${commandLine([...variables, ...command])}`;
  await attach(sshCommand(vm, [script]));
}

/** Shell script that prepares the dev VM for running a command. */
function prepare(): Promise<string> {
  return readFile(projectPath('setup/commands/devvm/prepare.sh'), 'utf8');
}

async function attach(command: readonly string[]): Promise<void> {
  const [file = '', ...args] = command;
  const { exitCode } = await execa(file, args, {
    stdio: 'inherit',
    reject: false,
    env: minimalEnv(),
    extendEnv: false,
  });
  process.exitCode = exitCode ?? 1;
}

const [name = 'help', ...args] = process.argv.slice(2);
const command = new Map(Object.entries(COMMANDS)).get(name);
try {
  if (command) {
    readSettings();
    await command(args);
  } else if (['help', '--help', '-h'].includes(name)) console.log(USAGE);
  else throw new ConfigError(`no command ${name}${didYouMean(name, Object.keys(COMMANDS))}\n${USAGE}`);
} catch (error) {
  console.error(messageOf(error));
  // Exits explicitly: a timed-out step may still have an open connection, which would keep this process alive.
  process.exit(1);
}
