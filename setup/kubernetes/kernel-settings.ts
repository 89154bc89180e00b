import { run } from '../../helpers/process/exec.ts';
import type { Installation } from '../installation/installation.ts';

/**
 * Kernel settings that a Kubernetes node changes and does not restore. Sources: kubeadm's requirement of packet forwarding;
 * setupKernelTunables of the kubelet (pkg/kubelet/cm/container_manager_linux.go); kube-proxy (pkg/proxy/iptables/proxier.go,
 * cmd/kube-proxy/app/conntrack.go).
 */
const SETTINGS = [
  'net.ipv4.ip_forward',
  'vm.overcommit_memory',
  'vm.panic_on_oom',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.keys.root_maxkeys',
  'kernel.keys.root_maxbytes',
  'net.ipv4.conf.all.route_localnet',
  'net.netfilter.nf_conntrack_max',
  'net.netfilter.nf_conntrack_tcp_timeout_established',
  'net.netfilter.nf_conntrack_tcp_timeout_close_wait',
] as const;

/** Registers that undo restores the kernel settings that a Kubernetes node changes. */
export async function keepKernelSettings(installation: Installation): Promise<void> {
  // Settings of modules that are not loaded do not exist.
  const { stdout } = await run(['sysctl', '--ignore', ...SETTINGS]);
  await installation.defer(['sysctl', '--ignore', '--write', ...assignments(stdout)]);
}

/** The output of sysctl as assignments that sysctl writes. */
export function assignments(shown: string): string[] {
  return [...shown.matchAll(/^(\S+) = (.*)$/gm)].map(([, name, value]) => `${name}=${value}`);
}
