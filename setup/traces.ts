import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { cgroupDirectories } from '../helpers/cgroup.ts';
import { RUN_LABEL } from '../helpers/label.ts';
import { openSocketsBelow } from '../helpers/unix-sockets.ts';
import { RUN_ROOT } from './run.ts';

/** All that a run may leave on a machine, each as a line that says what and where; sorted. */
export async function findTraces(): Promise<string[]> {
  const found = await Promise.all([runDirectories(), cgroups(), mounts(), sockets(), processes(), temporaryFiles()]);
  return found.flat().sort();
}

async function runDirectories(): Promise<string[]> {
  return (await list(RUN_ROOT)).map((name) => `directory ${RUN_ROOT}/${name}`);
}

async function cgroups(): Promise<string[]> {
  const found = await Promise.all(
    (await cgroupDirectories('kata-cc')).map(async (root) => {
      const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
      return entries.filter((entry) => entry.isDirectory()).map((entry) => `cgroup ${root}/${entry.name}`);
    }),
  );
  return found.flat();
}

async function mounts(): Promise<string[]> {
  const lines = (await readFile('/proc/self/mountinfo', 'utf8')).split('\n');
  return lines.flatMap((line) => (line.includes('kata-cc') ? [`mount ${line.split(' ')[4]}`] : []));
}

async function sockets(): Promise<string[]> {
  return (await openSocketsBelow(RUN_ROOT)).map((path) => `socket ${path}`);
}

async function processes(): Promise<string[]> {
  const pids = (await list('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (!environment.split('\0').some((variable) => variable.startsWith(`${RUN_LABEL}=`))) return [];
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return command === '' ? [] : [`process ${pid} ${command.replaceAll('\0', ' ').slice(0, 100)}`];
    }),
  );
  return found.flat();
}

async function temporaryFiles(): Promise<string[]> {
  const left = async (directory: string, prefix: string): Promise<string[]> =>
    (await list(directory)).filter((name) => name.startsWith(prefix)).map((name) => `file ${directory}/${name}`);
  return [...(await left(tmpdir(), 'kata-cc-gpg-')), ...(await left('/dev/shm', 'kata-cc-'))];
}

async function list(directory: string): Promise<string[]> {
  return readdir(directory).catch(() => []);
}
