import type { ContainerdEndpoint } from '../../helpers/contract/target.ts';

/** Socket of this machine's containerd. */
export const CONTAINERD_SOCKET = '/run/containerd/containerd.sock';

/** This machine's containerd as specs use it. */
export const CONTAINERD: ContainerdEndpoint = {
  socket: CONTAINERD_SOCKET,
  initPid: 1,
  state: '/run/containerd',
  ctr: 'ctr',
};
