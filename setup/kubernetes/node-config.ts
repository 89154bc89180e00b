import { defined } from '../../helpers/defined.ts';
import { KATA_HANDLER } from '../../helpers/kata/names.ts';
import { KUBEADM_PATCHES } from './control-plane-patches.ts';

/** Path of the kubelet's systemd unit. Source: kubeadm. */
export const KUBELET_UNIT = '/etc/systemd/system/kubelet.service';
/**
 * Path of kubeadm's configuration. It is not in /etc/kubernetes, which must be empty before `kubeadm init` and is
 * emptied by a reset.
 */
export const KUBEADM_CONFIG = '/etc/kata-cc/kubeadm.yaml';
/** Name of this project's file in the directory of CNI configurations. */
export const CNI_CONFIG = '10-kata-cc.conflist';

/** Network of the pods, local to this machine. */
const POD_SUBNET = '10.244.0.0/24';
const SERVICE_SUBNET = '10.96.0.0/12';

/**
 * Hosts within a Kubernetes cluster, which kubeadm must exclude from the proxies that it passes on to the control
 * plane.
 */
export const CLUSTER_HOSTS = ['.svc', '.cluster.local', SERVICE_SUBNET, POD_SUBNET] as const;
/** Name of the network bridge of this machine's pods. */
export const BRIDGE = 'kata-cc0';

/**
 * CNI configuration of the pods' network: a bridge with its own subnet, and masquerading for outbound traffic. Source:
 * the CNI plugins bridge and host-local.
 */
export function cniConfig(): string {
  const ipam = { type: 'host-local', ranges: [[{ subnet: POD_SUBNET }]], routes: [{ dst: '0.0.0.0/0' }] };
  const bridge = { type: 'bridge', bridge: BRIDGE, isGateway: true, ipMasq: true, ipam };
  return `${JSON.stringify({ cniVersion: '0.4.0', name: 'kata-cc', plugins: [bridge] }, null, 2)}\n`;
}

/** Options of this machine as a Kubernetes node. */
export interface NodeOptions {
  /** Version of Kubernetes, such as `v1.20.2`. */
  readonly version: string;
  readonly name: string;
  /** IPv4 address of this machine. */
  readonly address: string;
  /** Unix socket of containerd. */
  readonly socket: string;
  /**
   * The kubelet's cgroup driver, which must be containerd's: otherwise the kubelet gives pods cgroups that runc
   * rejects.
   */
  readonly cgroupDriver: 'systemd' | 'cgroupfs';
  /** Registry of the control plane's images; upstream's if absent. */
  readonly imageRepository?: string | undefined;
  /** Timeout of the control plane, in minutes. */
  readonly minutes: number;
}

/**
 * Formats of kubeadm's configuration and the Kubernetes minor version that introduced each, newest first. Source:
 * kubeadm's API documentation.
 */
const FORMATS = [
  { since: 31, format: 'v1beta4' },
  { since: 22, format: 'v1beta3' },
  { since: 15, format: 'v1beta2' },
] as const;

/** Timeouts of kubeadm's newest format that an emulated machine may exceed. */
const TIMEOUTS = ['controlPlaneComponentHealthCheck', 'kubeletHealthCheck', 'kubernetesAPICall'] as const;

/** First minor version of kubeadm whose configuration has a directory of patches. */
const PATCHES = 22;

/** First minor version of Kubernetes whose kubelet can be told to run on cgroup v1, which it refuses from 1.35 on. */
const FAIL_CGROUP_V1 = 31;

/** First minor version of Kubernetes in which the container runtime's socket is a URL. */
const SOCKET_IS_URL = 24;

/**
 * kubeadm's configuration of a single node that also runs pods: YAML, written as JSON. Swap may stay enabled. Throws
 * for an unsupported version of kubeadm.
 */
export function kubeadmConfig(options: NodeOptions): string {
  const { address, cgroupDriver, imageRepository, minutes, name, socket, version } = options;
  const minor = minorOf(version);
  const format = FORMATS.find(({ since }) => minor >= since)?.format;
  if (format === undefined) throw new Error(`kubeadm ${version} is too old; 1.15 or later is required`);
  const newest = format === 'v1beta4';
  const api = `kubeadm.k8s.io/${format}`;
  const timeout = `${minutes}m0s`;
  const argumentsOf = (named: Readonly<Record<string, string>>): object =>
    newest ? Object.entries(named).map(([name, value]) => ({ name, value })) : named;
  // The only instances need no election, and on a slow machine they exit because they renew their lease too late.
  const alone = { 'leader-elect': 'false' };
  // On a slow machine, the kubelet also renews the lease of its node too late, whose pods are then evicted after 50 s.
  const unhurried = { 'node-monitor-grace-period': timeout };
  const init = {
    apiVersion: api,
    kind: 'InitConfiguration',
    localAPIEndpoint: { advertiseAddress: address },
    nodeRegistration: {
      name,
      criSocket: minor >= SOCKET_IS_URL ? `unix://${socket}` : socket,
      // No taints, because the only node also runs pods.
      taints: [],
      kubeletExtraArgs: argumentsOf({ 'node-ip': address }),
    },
    // Under software emulation, the kubelet and the API server also take longer than kubeadm's defaults of one to four minutes.
    ...(newest ? { timeouts: Object.fromEntries(TIMEOUTS.map((name) => [name, timeout])) } : {}),
    ...(minor >= PATCHES ? { patches: { directory: KUBEADM_PATCHES } } : {}),
  };
  const cluster = {
    apiVersion: api,
    kind: 'ClusterConfiguration',
    kubernetesVersion: version,
    networking: { podSubnet: POD_SUBNET, serviceSubnet: SERVICE_SUBNET },
    ...defined({ imageRepository }),
    // Go signs a TLS handshake several times as fast with it as with the default, RSA.
    ...(newest ? { encryptionAlgorithm: 'ECDSA-P256' } : { apiServer: { timeoutForControlPlane: timeout } }),
    controllerManager: { extraArgs: argumentsOf({ ...alone, ...unhurried }) },
    scheduler: { extraArgs: argumentsOf(alone) },
  };
  const kubelet = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    cgroupDriver,
    failSwapOn: false,
    // Kata of generation skopeo needs a host with cgroup v1.
    ...(minor >= FAIL_CGROUP_V1 ? { failCgroupV1: false } : {}),
    // The kubelet's default of two minutes is too short: under software emulation a Kata sandbox takes longer, and the
    // kubelet would restart it.
    runtimeRequestTimeout: '15m0s',
  };
  return [init, cluster, kubelet].map((document) => `${JSON.stringify(document, null, 2)}\n`).join('---\n');
}

/** The minor version of Kubernetes: 20 for `v1.20.2`. */
export function minorOf(version: string): number {
  const minor = Number(/^v1\.(\d+)\./.exec(version)?.[1]);
  if (!Number.isInteger(minor))
    throw new Error(`${JSON.stringify(version)} is not a version of Kubernetes: expected v1.x.y`);
  return minor;
}

/** systemd unit of a kubelet that kubeadm configures. Source: "kubelet drop-in" in kubeadm's documentation. */
export function kubeletUnit(kubelet: string): string {
  return `[Unit]
Description=kubelet
After=containerd.service

[Service]
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
ExecStart=${kubelet} ${KUBELET_ARGUMENTS.join(' ')} $KUBELET_KUBEADM_ARGS
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
`;
}

/** Arguments of every kubelet that kubeadm configures. */
export const KUBELET_ARGUMENTS = [
  '--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf',
  '--kubeconfig=/etc/kubernetes/kubelet.conf',
  '--config=/var/lib/kubelet/config.yaml',
] as const;

/**
 * The runtime class that selects Kata for a pod. On cgroup v2, memory that QEMU allocates once the guest runs counts for the limit of the pod,
 * which would end QEMU before the guest's kernel ends a container. Source: memory for QEMU in runtimeclasses.yaml of kata-deploy; its processor
 * time is left out, of which a small machine has too little.
 */
export const RUNTIME_CLASS = {
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: KATA_HANDLER },
  handler: KATA_HANDLER,
  overhead: { podFixed: { memory: '320Mi' } },
} as const;

/** kubeadm's add-ons: the phase that installs each, and its image. */
const ADDONS = [
  { phase: 'addon/coredns', image: 'coredns' },
  { phase: 'addon/kube-proxy', image: 'kube-proxy' },
] as const;

/**
 * Phases of kubeadm to skip: its preflight checks if crictl is missing, which they require, and, with a bundle of
 * images, add-ons whose image is missing. `images` are the references in containerd.
 */
export function skippedPhases(
  { hasCrictl, broughtAlong }: { readonly hasCrictl: boolean; readonly broughtAlong: boolean },
  images: readonly string[],
): string[] {
  const has = (name: string): boolean => images.some((image) => image.split(/[/:@]/).includes(name));
  const missing = broughtAlong ? ADDONS.filter(({ image }) => !has(image)) : [];
  return [...(hasCrictl ? [] : ['preflight']), ...missing.map(({ phase }) => phase)];
}

const RATE_LIMIT = /toomanyrequests|429 Too Many Requests|pull rate limit/i;

/** Adds the remedies, if known, to the error text of kubeadm or of an image pull. */
export function explained(problem: string): string {
  return RATE_LIMIT.test(problem)
    ? `${problem}\nA registry's limit of anonymous pulls is reached. Wait, set KATA_KUBERNETES_IMAGES to a mirror, or set KATA_KUBERNETES_BUNDLE to a directory with the images.`
    : problem;
}
