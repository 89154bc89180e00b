import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { jsonObject, readIfThere } from '../files.ts';

/** Where a shim listens, and the version of its Task service: `containerd.task.v3.Task` from containerd 2.0. */
export interface ShimAddress {
  /** `unix:///run/containerd/s/<64 hex>`. */
  readonly address: string;
  readonly version: number;
}

/** Directory of the sockets of shims, for every containerd. Source: SocketAddress() in pkg/shim/util_unix.go of containerd. */
export const SHIM_SOCKETS = '/run/containerd/s';

/** Version of the Task service of a shim that says none. Source: parseStartResponse in core/runtime/v2/shim.go of containerd. */
const FIRST_VERSION = 2;

/** The files with a shim's address in its bundle: containerd 2.0 and later, containerd 1.x and Kata's shims. */
const FILES = ['bootstrap.json', 'address'] as const;

/**
 * Finds the address of a container's shim, in any containerd namespace: `tasks` is the directory with the bundles of all namespaces;
 * `undefined` if there is no such container.
 */
export async function findShimAddress(tasks: string, containerId: string): Promise<ShimAddress | undefined> {
  for (const namespace of await readdir(tasks)) {
    for (const name of FILES) {
      const text = await readIfThere(join(tasks, namespace, containerId, name));
      if (text !== undefined) return parseShimAddress(text);
    }
  }
  return undefined;
}

/** Parses the address of a shim: a plain one, or the JSON that containerd 2.0 and later write. */
export function parseShimAddress(text: string): ShimAddress {
  const { address = text.trim(), protocol = 'ttrpc', version = FIRST_VERSION } = jsonObject(text) ?? {};
  if (protocol !== 'ttrpc') throw new HarnessError('shim', `the shim speaks ${String(protocol)}, not ttrpc`);
  return { address: String(address), version: Number(version) };
}
