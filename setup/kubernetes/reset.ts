import { rm } from 'node:fs/promises';
import { connectCri } from '../../helpers/cri-client.ts';
import { run } from '../../helpers/exec.ts';
import { fileExists } from '../../helpers/files.ts';
import { RpcError } from '../../helpers/rpc-error.ts';
import { loadCriProtos } from '../../protos/load.ts';
import { CONTAINERD_SOCKET } from '../installation/containerd-endpoint.ts';
import { SYSTEMD } from '../installation/systemd.ts';
import { BRIDGE } from './node-config.ts';

/** What kubeadm, the kubelet and etcd leave; none of it was there before. */
const DIRECTORIES = ['/var/lib/kubelet', '/var/lib/etcd', '/var/lib/cni/networks/kata-cc', '/etc/kubernetes'];

/** The kubelet puts it on every pod it makes. */
const OF_KUBELET = 'io.kubernetes.pod.uid';

const CRI_TIMEOUT_MS = 60_000;

/** Takes this machine's node apart: kubelet, pods, etcd's data, certificates, packet filter rules, the pods' bridge. */
export async function resetNode(kubeadm: string): Promise<void> {
  if (await fileExists(SYSTEMD)) await run(['systemctl', 'stop', 'kubelet'], { okCodes: [0, 5] });
  await removePods();
  await run([kubeadm, 'reset', '--force', '--cri-socket', CONTAINERD_SOCKET]);
  for (const directory of DIRECTORIES) await rm(directory, { recursive: true, force: true });
  await run(['ip', 'link', 'delete', BRIDGE], { okCodes: [0, 1] });
  await removeRules();
}

/** By the container runtime interface: kubeadm does it with crictl, where there is one. */
async function removePods(): Promise<void> {
  await using cri = connectCri(CONTAINERD_SOCKET, { protos: loadCriProtos(), timeoutMs: CRI_TIMEOUT_MS });
  const { items } = await cri.listPodSandbox({}).catch(noneWithoutRuntime);
  for (const { id, labels } of items) {
    if (!(OF_KUBELET in labels)) continue;
    await cri.stopPodSandbox({ podSandboxId: id });
    await cri.removePodSandbox({ podSandboxId: id });
  }
}

/** A containerd that does not know the interface has no pods. */
function noneWithoutRuntime(error: unknown): { readonly items: [] } {
  if (error instanceof RpcError && error.code === 'unimplemented') return { items: [] };
  throw error;
}

/** kubeadm leaves the kubelet's rules to whoever called it. Rules of others stay. */
async function removeRules(): Promise<void> {
  const { stdout } = await run(['iptables-save']);
  const others = stdout.split('\n').filter((line) => !/\bKUBE-/.test(line));
  await run(['iptables-restore'], { input: others.join('\n') });
}
