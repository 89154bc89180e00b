import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CTR_NAMESPACE } from './ctr.ts';
import { logTail } from './daemon.ts';
import { HarnessError } from './errors.ts';
import { minimalEnv } from './exec.ts';
import { fileExists } from './files.ts';
import { launchNamespaced, type Namespaced } from './namespaces.ts';
import { poll } from './poll.ts';

/** Where containerd keeps its files, inside its namespaces. A tmpfs: overlayfs cannot be stacked on an overlay. */
const ROOT = '/var/lib/kata-cc-containerd';
/** Shims leave their address below this. */
export const CONTAINERD_STATE = '/run/kata-cc-containerd';

/** Runtimes by the name they are called by, and the shim that answers to it. */
export type Runtimes = Readonly<Record<string, string>>;

const START_TIMEOUT_MS = 15_000;

/** Configuration of a containerd 1.6 or later that serves `ctr` and nothing else. */
export function containerdConfig(socket: string): string {
  return [
    'version = 2',
    `root = "${ROOT}"`,
    `state = "${CONTAINERD_STATE}"`,
    'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]',
    '[grpc]',
    `address = "${socket}"`,
    '',
  ].join('\n');
}

/** File name of the shim for a runtime: `io.containerd.kata.v2` is `containerd-shim-kata-v2`. Source: containerd runtime v2. */
export function shimName(runtime: string): string {
  const [, name, version] = /^io\.containerd\.([\w-]+)\.(v\d+)$/.exec(runtime) ?? [];
  if (name === undefined) throw new HarnessError('runtime', `${runtime}: wanted a name like io.containerd.kata.v2`);
  return `containerd-shim-${name}-${version}`;
}

/** A containerd of our own, in namespaces of its own: with it go its shims, containers and mounts. */
export interface Containerd extends AsyncDisposable {
  readonly namespaced: Namespaced;
  /** Its gRPC socket, reachable from outside. */
  readonly socket: string;
}

/** Starts containerd in `dir` (short; sockets live there) with these runtimes, and loads the images of an archive. */
export async function startContainerd(options: {
  readonly dir: string;
  readonly cgroup: string;
  readonly runtimes: Runtimes;
  /** An OCI archive, with full references as names. */
  readonly images: string;
  readonly signal?: AbortSignal;
}): Promise<Containerd> {
  const { dir, cgroup, images, runtimes, signal } = options;
  const shims = join(dir, 'shims');
  const socket = join(dir, 'containerd.sock');
  await mkdir(shims, { recursive: true, mode: 0o700 });
  for (const [runtime, shim] of Object.entries(runtimes)) await symlink(shim, join(shims, shimName(runtime)));
  await writeFile(join(dir, 'containerd.toml'), containerdConfig(socket));
  const namespaced = await launchNamespaced({
    dir,
    cgroup,
    hostname: 'containerd',
    tmpfs: [ROOT, CONTAINERD_STATE, '/run/containerd'],
    binds: [{ source: images, target: '/run/images.tar', readonly: true }],
    command: ['containerd', '--config', join(dir, 'containerd.toml')],
    env: { PATH: `${shims}:${minimalEnv()['PATH']}` },
    signal,
  });
  try {
    await waitForSocket(namespaced, socket, signal);
    await namespaced.run(
      ['ctr', '--address', socket, '--namespace', CTR_NAMESPACE, 'images', 'import', '/run/images.tar'],
      { signal },
    );
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
    return (await fileExists(socket)) ? true : undefined;
  };
  const listening = await poll('containerd listening', up, { timeoutMs: START_TIMEOUT_MS, intervalMs: 5, signal });
  if (!listening) throw new HarnessError('containerd', `containerd ended at once: ${await logTail(daemon)}`);
}
