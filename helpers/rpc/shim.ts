import { join } from 'node:path';
import type { ImageDefinition } from '../../protos/generated/shim/containerd/task/v2/Image.ts';
import type { TaskDefinition } from '../../protos/generated/shim/containerd/task/v2/Task.ts';
import type { Protos } from '../../protos/load.ts';
import type { ContainerdEndpoint } from '../contract/target.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { type PromiseMethods, RpcClient, type RpcClientOptions, withMethods } from './client.ts';
import { findShimAddress } from './shim-address.ts';

type Methods = PromiseMethods<TaskDefinition> & PromiseMethods<ImageDefinition>;

/** A client of a containerd shim: `containerd.task.v2.Task`, and the fork's `containerd.task.v2.Image`. */
export type Shim = RpcClient & Methods;

/** The Task service of the protos, which calls and reports name. */
const TASK = 'containerd.task.v2.Task';

/** A shim, and the name by which it knows its Task service: that of version 3 has the messages of version 2. */
export interface ConnectedShim {
  readonly shim: Shim;
  readonly taskService: string;
}

/**
 * Path of the socket of a container's shim, in containerd's mount namespace, and the version of its Task service. The container can be in
 * any containerd namespace. Rejects if there is no such container.
 */
export async function shimSocket(
  containerd: ContainerdEndpoint,
  containerId: string,
): Promise<{ readonly socket: string; readonly version: number }> {
  const tasks = join(rootOf(containerd), containerd.state, 'io.containerd.runtime.v2.task');
  const found = await findShimAddress(tasks, containerId);
  if (found === undefined) throw new Error(`no shim address below ${tasks}`);
  return { socket: found.address.replace(/^unix:\/\//, ''), version: found.version };
}

function rootOf(containerd: ContainerdEndpoint): string {
  return `/proc/${containerd.initPid}/root`;
}

/**
 * Connects to the shim of a container in any containerd namespace. The shim's address is in its bundle; the socket is in containerd's mount
 * namespace and reached through /proc. Rejects if there is no such container.
 */
export async function connectShim(
  containerd: ContainerdEndpoint,
  containerId: string,
  options: RpcClientOptions & { protos: Protos },
): Promise<ConnectedShim> {
  try {
    const { socket: path, version } = await shimSocket(containerd, containerId);
    const taskService = `containerd.task.v${version}.Task`;
    const socket = `unix://${rootOf(containerd)}${path}`;
    const renamed = new Map([[TASK, taskService]]);
    const client = new RpcClient(socket, options.protos.services, { ...options, renamed });
    return { shim: withMethods<Methods>(client), taskService };
  } catch (cause) {
    throw new HarnessError('shim', `container ${containerId} has no shim: ${messageOf(cause)}`, { cause });
  }
}
