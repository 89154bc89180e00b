import { basename, dirname, join } from 'node:path';
import { firstExecutable } from '../files.ts';
import { findProgram } from '../process/programs.ts';

/** File names of the programs of a containerd release that run here. */
export const CONTAINERD_PROGRAMS = ['containerd', 'ctr', 'containerd-shim-runc-v2'] as const;

/** Absolute paths of a containerd, of the client of its release, and of its shim for runc. */
export interface ContainerdPrograms {
  readonly containerd: string;
  readonly ctr: string;
  readonly shim: string;
}

/** The programs in a directory of their own, as in containerd's release archives. */
export function programsIn(directory: string): ContainerdPrograms {
  const [containerd, ctr, shim] = CONTAINERD_PROGRAMS;
  return { containerd: join(directory, containerd), ctr: join(directory, ctr), shim: join(directory, shim) };
}

/** The programs that are installed on this machine, in the directories of its PATH; the client and the shim beside containerd if they are there. */
export async function installedPrograms(): Promise<ContainerdPrograms> {
  const [containerd, ctr, shim] = CONTAINERD_PROGRAMS;
  const server = (await findProgram(containerd)) ?? containerd;
  const beside = async (name: string): Promise<string> =>
    (await firstExecutable([join(dirname(server), name)])) ?? (await findProgram(name)) ?? name;
  return { containerd: server, ctr: await beside(ctr), shim: await beside(shim) };
}

/** The directory that a path of a containerd means: itself, or the one that the program is in. */
export function directoryOfContainerd(path: string, isDirectory: boolean): string {
  return !isDirectory && basename(path) === CONTAINERD_PROGRAMS[0] ? dirname(path) : path;
}

/**
 * The version of a containerd, from its output for `--version`: `containerd github.com/containerd/containerd v1.7.2 REVISION`; `undefined` for the
 * output of another program. Source: cmd/containerd/command/main.go of containerd.
 */
export function parseContainerdVersion(output: string): string | undefined {
  return /^containerd \S+ v?(\d+\.\d+\S*)/.exec(output)?.[1];
}
