import { basename, dirname, join } from 'node:path';

/**
 * File names of the programs of nydus-snapshotter: the snapshotter, and the helper with which containerd mounts its snapshots on the host.
 */
export const NYDUS_PROGRAMS = ['containerd-nydus-grpc', 'nydus-overlayfs'] as const;

/** Name of the snapshotter in containerd; a nydus-snapshotter of the user's may be called `nydus`. */
export const NYDUS_SNAPSHOTTER = 'kata-cc-nydus';

/** Absolute paths of the programs of a nydus-snapshotter. */
export interface NydusPrograms {
  readonly snapshotter: string;
  readonly overlayfs: string;
}

/** The programs in a directory of their own, as in the release archives of nydus-snapshotter. */
export function nydusIn(directory: string): NydusPrograms {
  const [snapshotter, overlayfs] = NYDUS_PROGRAMS;
  return { snapshotter: join(directory, snapshotter), overlayfs: join(directory, overlayfs) };
}

/** The directory that a path of a nydus-snapshotter means: itself, or the one that the program is in. */
export function directoryOfNydus(path: string, isDirectory: boolean): string {
  return !isDirectory && basename(path) === NYDUS_PROGRAMS[0] ? dirname(path) : path;
}

/**
 * The version of a nydus-snapshotter, from the first line of its output for `--version`, `Version: v0.15.15`; `undefined` for the output of
 * another program. Source: cmd/containerd-nydus-grpc/main.go of nydus-snapshotter.
 */
export function parseNydusVersion(output: string): string | undefined {
  const [, version] = /^Version:\s+v?(\S+)\nRevision:\s/.exec(output) ?? [];
  return version;
}

/** Where a nydus-snapshotter keeps its state and listens. */
export interface NydusPlaces {
  /** Directory of snapshots and their database. */
  readonly root: string;
  /** Path of its gRPC socket. */
  readonly socket: string;
}

/** The command that starts a nydus-snapshotter with a configuration file. */
export function nydusCommand({ snapshotter }: Pick<NydusPrograms, 'snapshotter'>, config: string): readonly string[] {
  return [snapshotter, '--config', config];
}
