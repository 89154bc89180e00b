import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { commandLine, minimalEnv } from '../../../helpers/process/exec.ts';
import { projectPath } from '../../project.ts';
import { type DevVm, sshCommand } from './machine.ts';
import { PROJECT_INSIDE } from './settings-inside.ts';

/**
 * Variables that are not passed on. Paths of programs do not exist in the dev VM, whose bundle has the CDH, the other guest components,
 * containerd and nydus-snapshotter.
 */
const NOT_PASSED_ON = [
  ...['KATA_CACHE_DIR', 'KATA_CDH', 'KATA_DEVVM_DEBIAN', 'KATA_GUEST_COMPONENTS', 'KATA_KBS', 'SOURCE_CREDS'],
  ...['KATA_CLH', 'KATA_CLH_REPO', 'KATA_CLH_VERSION', 'KATA_CTL'],
  ...['KATA_CONTAINERD', 'KATA_CONTAINERD_REPO', 'KATA_CONTAINERD_VERSION'],
  ...['KATA_NYDUS', 'KATA_NYDUS_REPO', 'KATA_NYDUS_VERSION'],
];

/** Runs a command in the dev VM with this process's streams and these settings, but those `without`, and returns its exit code. */
export async function runInside(
  vm: DevVm,
  command: readonly string[],
  settings: Readonly<Record<string, string>>,
  without: readonly string[] = [],
): Promise<void> {
  const variables = Object.entries(settings)
    .filter(([name]) => !NOT_PASSED_ON.includes(name) && !without.includes(name))
    .map(([name, value]) => `${name}=${value}`);
  const script = `${await prepare()}\ncd ${PROJECT_INSIDE} && exec env ${commandLine([...variables, ...command])}`;
  await attach(sshCommand(vm, [script]));
}

/** Opens a shell in the dev VM on this terminal, in this project's directory. */
export async function openShell(vm: DevVm): Promise<void> {
  await attach(sshCommand(vm, [`${await prepare()}\ncd ${PROJECT_INSIDE} && exec bash -l`], true));
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
