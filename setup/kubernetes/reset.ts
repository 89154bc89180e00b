import { rm } from 'node:fs/promises';
import { openCri } from '../../helpers/containerd/open-cri.ts';
import { fileExists } from '../../helpers/files.ts';
import { run } from '../../helpers/process/exec.ts';
import { RpcError } from '../../helpers/rpc/error.ts';
import { CONTAINERD_SOCKET } from '../installation/containerd-endpoint.ts';
import { SYSTEMD } from '../installation/systemd.ts';
import { removeRules } from './iptables-rules.ts';
import { BRIDGE } from './node-config.ts';

/** Directories that kubeadm, the kubelet and etcd leave behind; none of them existed before. */
const DIRECTORIES = ['/var/lib/kubelet', '/var/lib/etcd', '/var/lib/cni/networks/kata-cc', '/etc/kubernetes'];

/** Label that the kubelet sets on every pod sandbox; it identifies the kubelet's sandboxes. */
const OF_KUBELET = 'io.kubernetes.pod.uid';

const CRI_TIMEOUT_MS = 60_000;

/**
 * Resets this machine's Kubernetes node: removes kubelet, pods, etcd's data, certificates, iptables rules, and the
 * pods' bridge.
 */
export async function resetNode(kubeadm: string): Promise<void> {
  if (await fileExists(SYSTEMD)) await run(['systemctl', 'stop', 'kubelet'], { okCodes: [0, 5] });
  await removePods();
  await run([kubeadm, 'reset', '--force', '--cri-socket', CONTAINERD_SOCKET]);
  for (const directory of DIRECTORIES) await rm(directory, { recursive: true, force: true });
  await run(['ip', 'link', 'delete', BRIDGE], { okCodes: [0, 1] });
  await removeRules();
}

/** Removes the kubelet's pods over CRI: kubeadm removes them only with crictl. */
async function removePods(): Promise<void> {
  await using cri = await openCri(CONTAINERD_SOCKET, { timeoutMs: CRI_TIMEOUT_MS });
  const { items } = await cri.listPodSandbox({}).catch(noneWithoutRuntime);
  for (const { id, labels } of items) {
    if (!(OF_KUBELET in labels)) continue;
    await cri.stopPodSandbox({ podSandboxId: id });
    await cri.removePodSandbox({ podSandboxId: id });
  }
}

/** Treats the error of a containerd without CRI as an empty list of pods. */
function noneWithoutRuntime(error: unknown): { readonly items: [] } {
  if (error instanceof RpcError && error.code === 'unimplemented') return { items: [] };
  throw error;
}
