import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageDefinition } from '../protos/generated/shim/containerd/task/v2/Image.ts';
import type { TaskDefinition } from '../protos/generated/shim/containerd/task/v2/Task.ts';
import type { Protos } from '../protos/load.ts';
import { HarnessError, messageOf } from './errors.ts';
import { readIfThere } from './files.ts';
import { type PromiseMethods, RpcClient, type RpcClientOptions, withMethods } from './rpc-client.ts';
import type { ContainerdEndpoint } from './target.ts';

type Methods = PromiseMethods<TaskDefinition> & PromiseMethods<ImageDefinition>;

/** A containerd shim: `containerd.task.v2.Task`, and the fork's `containerd.task.v2.Image`. */
export type Shim = RpcClient & Methods;

/**
 * A client for the shim of a container, in whichever namespace of containerd's it is. The shim's address is what containerd
 * wrote beside the bundle; that socket is in containerd's mount namespace and reached through /proc. Rejects when there is
 * no such container.
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
    if (address === undefined) throw new Error(`nothing of it is below ${tasks}`);
    return withMethods<Methods>(new RpcClient(shimAddress(address, root), options.protos.services, options));
  } catch (cause) {
    throw new HarnessError('shim', `container ${containerId} has no shim: ${messageOf(cause)}`, { cause });
  }
}

/** `unix:///run/containerd/s/<64 hex>` as seen from outside. */
export function shimAddress(address: string, root: string): string {
  const path = address.trim().replace(/^unix:\/\//, '');
  return `unix://${root}${path}`;
}
