import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageDefinition } from '../../protos/generated/shim/containerd/task/v2/Image.ts';
import type { TaskDefinition } from '../../protos/generated/shim/containerd/task/v2/Task.ts';
import type { Protos } from '../../protos/load.ts';
import type { ContainerdEndpoint } from '../contract/target.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { readIfThere } from '../files.ts';
import { type PromiseMethods, RpcClient, type RpcClientOptions, withMethods } from './client.ts';

type Methods = PromiseMethods<TaskDefinition> & PromiseMethods<ImageDefinition>;

/** A client of a containerd shim: `containerd.task.v2.Task`, and the fork's `containerd.task.v2.Image`. */
export type Shim = RpcClient & Methods;

/**
 * Connects to the shim of a container in any containerd namespace. containerd writes the shim's address beside the
 * bundle; the socket is in containerd's mount namespace and reached through /proc. Rejects if there is no such
 * container.
 */
export async function connectShim(
  containerd: ContainerdEndpoint,
  containerId: string,
  options: RpcClientOptions & { protos: Protos },
): Promise<Shim> {
  const root = `/proc/${containerd.initPid}/root`;
  const tasks = `${root}${containerd.state}/io.containerd.runtime.v2.task`;
  try {
    const addresses = await Promise.all(
      (await readdir(tasks)).map((namespace) => readIfThere(join(tasks, namespace, containerId, 'address'))),
    );
    const address = addresses.find((found) => found !== undefined);
    if (address === undefined) throw new Error(`no shim address below ${tasks}`);
    return withMethods<Methods>(new RpcClient(shimAddress(address, root), options.protos.services, options));
  } catch (cause) {
    throw new HarnessError('shim', `container ${containerId} has no shim: ${messageOf(cause)}`, { cause });
  }
}

/** The host address of a shim's `unix:///run/containerd/s/<64 hex>`. */
export function shimAddress(address: string, root: string): string {
  const path = address.trim().replace(/^unix:\/\//, '');
  return `unix://${root}${path}`;
}
