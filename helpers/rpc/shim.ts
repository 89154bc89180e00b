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
 * Connects to the shim of a container in any containerd namespace. The shim's address is in its bundle; the socket is in containerd's mount
 * namespace and reached through /proc. Rejects if there is no such container.
 */
export async function connectShim(
  containerd: ContainerdEndpoint,
  containerId: string,
  options: RpcClientOptions & { protos: Protos },
): Promise<ConnectedShim> {
  const root = `/proc/${containerd.initPid}/root`;
  const tasks = join(root, containerd.state, 'io.containerd.runtime.v2.task');
  try {
    const found = await findShimAddress(tasks, containerId);
    if (found === undefined) throw new Error(`no shim address below ${tasks}`);
    const taskService = `containerd.task.v${found.version}.Task`;
    const socket = `unix://${root}${found.address.replace(/^unix:\/\//, '')}`;
    const renamed = new Map([[TASK, taskService]]);
    const client = new RpcClient(socket, options.protos.services, { ...options, renamed });
    return { shim: withMethods<Methods>(client), taskService };
  } catch (cause) {
    throw new HarnessError('shim', `container ${containerId} has no shim: ${messageOf(cause)}`, { cause });
  }
}
