import type { ContainerdEndpoint } from '../../helpers/target.ts';

/** Where this machine's containerd answers. */
export const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';

/** This machine's containerd. */
export const CONTAINERD: ContainerdEndpoint = { socket: CONTAINERD_SOCKET, initPid: 1, state: '/run/containerd' };
