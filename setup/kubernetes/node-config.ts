import { KATA_HANDLER } from '../../helpers/kata/names.ts';

/** Where the parts of a node are. Source: kubeadm. */
export const KUBELET_UNIT = '/etc/systemd/system/kubelet.service';
/** Not in /etc/kubernetes: that goes when the node is taken apart, and is empty before it is made. */
export const KUBEADM_CONFIG = '/etc/kata-cc/kubeadm.yaml';
/** In the directory that the container runtime reads network configurations from. */
export const CNI_CONFIG = '10-kata-cc.conflist';

/** Network of the pods: on this machine alone. */
const POD_SUBNET = '10.244.0.0/24';
const SERVICE_SUBNET = '10.96.0.0/12';

/** Hosts within a cluster. kubeadm gives the control plane its own proxies, which are not for them. */
export const CLUSTER_HOSTS = ['.svc', '.cluster.local', SERVICE_SUBNET, POD_SUBNET] as const;
/** The bridge that the pods of this machine are on. */
export const BRIDGE = 'kata-cc0';

/** A bridge with addresses of its own and a way out by this machine's. Source: the CNI plugins bridge and host-local. */
export function cniConfig(): string {
  const ipam = { type: 'host-local', ranges: [[{ subnet: POD_SUBNET }]], routes: [{ dst: '0.0.0.0/0' }] };
  const bridge = { type: 'bridge', bridge: BRIDGE, isGateway: true, ipMasq: true, ipam };
  return `${JSON.stringify({ cniVersion: '0.4.0', name: 'kata-cc', plugins: [bridge] }, null, 2)}\n`;
}

/** What this node is to be. */
export interface NodeOptions {
  /** `v1.20.2` */
  readonly version: string;
  readonly name: string;
  /** IPv4 address of this machine. */
  readonly address: string;
  /** Unix socket of containerd. */
  readonly socket: string;
  /** containerd's own: with another one the kubelet gives pods cgroups that runc does not take. */
  readonly cgroupDriver: 'systemd' | 'cgroupfs';
  /** Where the control plane's images come from, when not from upstream's registry. */
  readonly imageRepository?: string | undefined;
  /** How long the control plane may take, in minutes. */
  readonly minutes: number;
}

/** Format of kubeadm's configuration by the minor version that brought it, newest first. Source: kubeadm's API docs. */
const FORMATS = [
  { since: 31, format: 'v1beta4' },
  { since: 22, format: 'v1beta3' },
  { since: 15, format: 'v1beta2' },
] as const;

/** From here on the container runtime's socket is a URL. */
const SOCKET_IS_URL = 24;

/**
 * kubeadm's configuration of a single node on which pods run: YAML, written as JSON. Swap is left as it is. Throws when
 * kubeadm of that version is not known here.
 */
export function kubeadmConfig(options: NodeOptions): string {
  const { address, cgroupDriver, imageRepository, minutes, name, socket, version } = options;
  const minor = minorOf(version);
  const format = FORMATS.find(({ since }) => minor >= since)?.format;
  if (format === undefined) throw new Error(`kubeadm ${version} is too old; 1.15 or later is wanted`);
  const newest = format === 'v1beta4';
  const api = `kubeadm.k8s.io/${format}`;
  const timeout = `${minutes}m0s`;
  const init = {
    apiVersion: api,
    kind: 'InitConfiguration',
    localAPIEndpoint: { advertiseAddress: address },
    nodeRegistration: {
      name,
      criSocket: minor >= SOCKET_IS_URL ? `unix://${socket}` : socket,
      // The only node there is runs pods as well.
      taints: [],
      kubeletExtraArgs: newest ? [{ name: 'node-ip', value: address }] : { 'node-ip': address },
    },
    ...(newest ? { timeouts: { controlPlaneComponentHealthCheck: timeout } } : {}),
  };
  const cluster = {
    apiVersion: api,
    kind: 'ClusterConfiguration',
    kubernetesVersion: version,
    networking: { podSubnet: POD_SUBNET, serviceSubnet: SERVICE_SUBNET },
    ...(imageRepository === undefined ? {} : { imageRepository }),
    ...(newest ? {} : { apiServer: { timeoutForControlPlane: timeout } }),
  };
  const kubelet = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    cgroupDriver,
    failSwapOn: false,
    // Two minutes by default: emulated, a sandbox of Kata's takes longer to start, and would be given up and started anew.
    runtimeRequestTimeout: '15m0s',
  };
  return [init, cluster, kubelet].map((document) => `${JSON.stringify(document, null, 2)}\n`).join('---\n');
}

/** `v1.20.2` is minor version 20. */
export function minorOf(version: string): number {
  const minor = Number(/^v1\.(\d+)\./.exec(version)?.[1]);
  if (!Number.isInteger(minor))
    throw new Error(`${JSON.stringify(version)} is no version of Kubernetes: wanted v1.x.y`);
  return minor;
}

/** systemd's unit for a kubelet as kubeadm configures it. Source: kubeadm's "kubelet drop-in". */
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

/** The runtime class by which a pod asks for Kata. */
export const RUNTIME_CLASS = {
  apiVersion: 'node.k8s.io/v1',
  kind: 'RuntimeClass',
  metadata: { name: KATA_HANDLER },
  handler: KATA_HANDLER,
} as const;

/** What kubeadm runs on a cluster besides the control plane, by the phase that adds it, and the image of each. */
const ADDONS = [
  { phase: 'addon/coredns', image: 'coredns' },
  { phase: 'addon/kube-proxy', image: 'kube-proxy' },
] as const;

/**
 * Phases of kubeadm to be left out: its checks where there is no crictl, which they cannot do without; and, where images are
 * brought along, what no image was brought for. `images` are the references containerd has.
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

/** What a failure of kubeadm or of a pull means, where that is known. */
export function explained(problem: string): string {
  return RATE_LIMIT.test(problem)
    ? `${problem}\nA registry's limit of anonymous pulls is reached. Wait, or name a mirror in KATA_KUBERNETES_IMAGES, or bring the images along in KATA_KUBERNETES_BUNDLE.`
    : problem;
}
