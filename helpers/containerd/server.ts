import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { launchNamespaced, type Namespaced } from '../namespace/launch.ts';
import type { Forward } from '../namespace/script.ts';
import { poll } from '../poll.ts';
import { logTail } from '../process/daemon.ts';
import { minimalEnv } from '../process/exec.ts';
import { acceptsConnections } from '../process/unix-sockets.ts';
import { CTR_NAMESPACE, ctrOf } from './ctr.ts';
import type { ContainerdPrograms } from './programs.ts';

/**
 * containerd's root directory inside its namespaces. It is a tmpfs, because overlayfs cannot be stacked on an overlay.
 */
const ROOT = '/var/lib/kata-cc-containerd';
/** containerd's state directory; shims write their addresses below it. */
export const CONTAINERD_STATE = '/run/kata-cc-containerd';

const START_TIMEOUT_MS = 15_000;

/** containerd's namespace for CRI, which must contain the images of pods. */
export const CRI_NAMESPACE = 'k8s.io';

/** CRI configuration of a containerd that this project starts. */
export interface CriOptions {
  /** Reference of the sandbox (pause) image. */
  readonly sandboxImage: string;
  /** containerd runtime (such as `io.containerd.kata.v2`) by the name of its runtime handler. */
  readonly handlers: Readonly<Record<string, string>>;
}

/** Shell script that restarts a command that was killed, as systemd restarts containerd; 137 is 128 + SIGKILL. */
const AGAIN_WHEN_KILLED = 'while "$@"; [ $? -eq 137 ]; do echo "killed, and started again: $*"; done';

const EXOTIC = ['btrfs', 'zfs', 'devmapper', 'aufs'].map((name) => `"io.containerd.snapshotter.v1.${name}"`);
const CRI = 'plugins."io.containerd.grpc.v1.cri"';

/** Configuration file of containerd 1.6 or later with CRI. */
export function containerdConfig(socket: string, { handlers, sandboxImage }: CriOptions): string {
  return [
    'version = 2',
    `root = "${ROOT}"`,
    `state = "${CONTAINERD_STATE}"`,
    `disabled_plugins = [${EXOTIC.join(', ')}]`,
    '[grpc]',
    `address = "${socket}"`,
    `[${CRI}]`,
    `sandbox_image = "${sandboxImage}"`,
    // Set because without CAP_SYS_RESOURCE a process cannot get a lower OOM score than its parent.
    'restrict_oom_score_adj = true',
    `[${CRI}.containerd]`,
    `default_runtime_name = "${Object.keys(handlers)[0] ?? ''}"`,
    ...Object.entries(handlers).flatMap(([name, runtime]) => [
      `[${CRI}.containerd.runtimes.${name}]`,
      `runtime_type = "${runtime}"`,
    ]),
    '',
  ].join('\n');
}

/**
 * File name of the shim for a runtime: `io.containerd.kata.v2` is `containerd-shim-kata-v2`. Source: containerd runtime
 * v2.
 */
export function shimName(runtime: string): string {
  const [, name, version] = /^io\.containerd\.([\w-]+)\.(v\d+)$/.exec(runtime) ?? [];
  if (name === undefined) throw new HarnessError('runtime', `${runtime}: expected a name like io.containerd.kata.v2`);
  return `containerd-shim-${name}-${version}`;
}

/** A containerd in namespaces of its own. Disposing ends it with its shims, containers and mounts. */
export interface Containerd extends AsyncDisposable {
  readonly namespaced: Namespaced;
  /** containerd's gRPC socket, reachable from outside its namespaces. */
  readonly socket: string;
}

/**
 * Starts containerd in `dir` (a short path, for sockets) with runc's shim for the given runtimes, and imports the images of an archive.
 */
export async function startContainerd(options: {
  readonly dir: string;
  readonly cgroup: string;
  readonly programs: ContainerdPrograms;
  /** Names of runtimes whose shim is that of `programs`. */
  readonly runtimes: readonly string[];
  /** Path of an OCI archive with images, whose names are full references. */
  readonly images: string;
  readonly cri: CriOptions;
  /** Registries that containerd reaches on its loopback. */
  readonly forwards: readonly Forward[];
  readonly signal?: AbortSignal;
}): Promise<Containerd> {
  const { cgroup, cri, dir, forwards, images, programs, runtimes, signal } = options;
  const shims = join(dir, 'shims');
  const socket = join(dir, 'containerd.sock');
  await mkdir(shims, { recursive: true, mode: 0o700 });
  for (const runtime of runtimes) await symlink(programs.shim, join(shims, shimName(runtime)));
  await writeFile(join(dir, 'containerd.toml'), containerdConfig(socket, cri));
  const namespaced = await launchNamespaced({
    dir,
    cgroup,
    hostname: 'containerd',
    tmpfs: [ROOT, CONTAINERD_STATE, '/run/containerd'],
    binds: [
      { source: images, target: '/run/images.tar', readonly: true },
      // A private mount in the namespaces may hide them.
      ...Object.values(programs).map((path) => ({ source: path, target: path, readonly: true })),
    ],
    share: [...new Set(forwards.map((forward) => dirname(forward.socket)))],
    forwards,
    command: ['sh', '-c', AGAIN_WHEN_KILLED, 'again', programs.containerd, '--config', join(dir, 'containerd.toml')],
    env: { PATH: `${shims}:${minimalEnv()['PATH']}` },
    signal,
  });
  try {
    await waitForSocket(namespaced, socket, signal);
    for (const namespace of [CTR_NAMESPACE, CRI_NAMESPACE]) {
      await namespaced.run(
        [...ctrOf({ ctr: programs.ctr, socket }, namespace), 'images', 'import', '/run/images.tar'],
        { signal },
      );
    }
  } catch (error) {
    await namespaced[Symbol.asyncDispose]();
    throw error;
  }
  return { namespaced, socket, [Symbol.asyncDispose]: () => namespaced[Symbol.asyncDispose]() };
}

async function waitForSocket(namespaced: Namespaced, socket: string, signal: AbortSignal | undefined): Promise<void> {
  const { daemon } = namespaced;
  const up = async (): Promise<boolean | undefined> => {
    if (daemon.exit !== undefined) return false;
    return (await acceptsConnections(socket)) || undefined;
  };
  const listening = await poll('containerd listening', up, { timeoutMs: START_TIMEOUT_MS, intervalMs: 5, signal });
  if (!listening) throw new HarnessError('containerd', `containerd ended at once: ${await logTail(daemon)}`);
}
