import { basename } from 'node:path';
import { isThere } from '../files.ts';
import { type Mount, readMounts } from '../namespace/mounts.ts';
import { type PollOptions, poll } from '../poll.ts';
import { type HostProcess, processesMentioning } from '../process/process.ts';
import { HYPERVISOR_ON_HOST } from './hypervisors.ts';
import { SANDBOX_PARENTS } from './sandbox.ts';

/** A Kata sandbox's resources on this machine. All of them have the sandbox's id in their name. */
export interface SandboxResources {
  readonly shims: readonly HostProcess[];
  readonly hypervisors: readonly HostProcess[];
  /** virtiofsd processes, which share host directories with the guest. */
  readonly fileServers: readonly HostProcess[];
  readonly mounts: readonly Mount[];
  readonly directories: readonly string[];
}

/** How to recognise a process of a sandbox: by program and by the argument with the id. */
interface Recognised {
  readonly program: RegExp;
  readonly argument: (sandboxId: string) => string;
}

/** How to recognise a sandbox's processes. Source: Kata's runtimes. */
const KINDS: Readonly<Record<'shims' | 'hypervisors' | 'fileServers', readonly Recognised[]>> = {
  shims: [{ program: /^containerd-shim-kata-v2$/, argument: (id) => id }],
  hypervisors: Object.values(HYPERVISOR_ON_HOST),
  fileServers: [{ program: /^virtiofsd$/, argument: (id) => id }],
};

/**
 * Selects a sandbox's processes by kind; leaves out others whose arguments contain the id, such as a reader of the
 * sandbox's console.
 */
export function processesOf(
  sandboxId: string,
  processes: readonly HostProcess[],
): Pick<SandboxResources, keyof typeof KINDS> {
  const of = (kind: keyof typeof KINDS): HostProcess[] =>
    processes.filter(({ words: [first = '', ...rest] }) =>
      KINDS[kind].some(
        ({ argument, program }) =>
          program.test(basename(first)) && rest.some((word) => word.split(/[/,=]/).includes(argument(sandboxId))),
      ),
    );
  return { shims: of('shims'), hypervisors: of('hypervisors'), fileServers: of('fileServers') };
}

/** Finds all resources of a Kata sandbox on this machine. */
export async function sandboxResources(sandboxId: string): Promise<SandboxResources> {
  const [processes, mounts] = await Promise.all([processesMentioning(sandboxId), readMounts()]);
  const directories: string[] = [];
  for (const parent of SANDBOX_PARENTS) {
    const path = `${parent}/${sandboxId}`;
    if (await isThere(path)) directories.push(path);
  }
  return { ...processesOf(sandboxId, processes), mounts: mountsOf(sandboxId, mounts), directories };
}

/** The mounts whose path has the sandbox's id as a component. */
export function mountsOf(sandboxId: string, mounts: readonly Mount[]): Mount[] {
  return mounts.filter(({ point }) => point.split('/').includes(sandboxId));
}

/** Describes a sandbox's resources, one line each. */
export function describeResources(resources: SandboxResources): string[] {
  const { directories, fileServers, hypervisors, mounts, shims } = resources;
  return [
    ...[...shims, ...hypervisors, ...fileServers].map(({ pid, words }) => `process ${pid} ${words[0]}`),
    ...mounts.map(({ point }) => `mount ${point}`),
    ...directories.map((path) => `directory ${path}`),
  ];
}

/**
 * Waits until all resources of a sandbox are gone, except the directories in `but`. The error lists the remaining ones.
 */
export async function untilNoSandboxResources(
  sandboxId: string,
  { but = [], ...options }: PollOptions & { readonly but?: readonly string[] },
): Promise<void> {
  const none = async (): Promise<true> => {
    const resources = await sandboxResources(sandboxId);
    const directories = resources.directories.filter((path) => !but.includes(path));
    const left = describeResources({ ...resources, directories });
    if (left.length > 0) throw new Error(`still present:\n${left.join('\n')}`);
    return true;
  };
  await poll(`removal of all resources of sandbox ${sandboxId}`, none, { intervalMs: 200, ...options });
}
