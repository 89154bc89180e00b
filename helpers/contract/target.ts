import type { Genpolicy } from '../kata/genpolicy.ts';
import type { GuestPull } from '../kata/guest-pull.ts';
import type { KataHypervisor } from '../kata/hypervisors.ts';
import type { KataRuntime } from '../kata/runtimes.ts';
import type { Template } from '../qemu/template.ts';
import type { Accelerator } from '../qemu/vm-config.ts';
import type { VsockProvider } from '../qemu/vsock-backend.ts';
import type { Component } from './component.ts';
import type { MeasuredImage } from './measured-image.ts';
import type { Mute, MutesByTest } from './mute.ts';
import type { RunningVersion } from './running-version.ts';

/** Generation of an agent; decides its protos, how it pulls images, and the error texts of rejections. */
export type Generation = 'skopeo' | 'image-rs' | 'guest-pull';

/** Names of the test images; fixtures/images/catalogue.ts describes each. */
export type ImageName =
  | 'busybox'
  | 'small'
  | 'signed'
  | 'unsigned'
  | 'otherSigned'
  | 'noSignature'
  | 'expiredKey'
  | 'digestMismatch'
  | 'twoBad'
  | 'pause'
  | 'medium'
  | 'extra'
  | 'large'
  | 'escaping'
  | 'private';

export type TargetName = 'local' | 'vm' | 'kata';

/**
 * All capabilities of targets. Each description completes the sentence "this spec needs …". Each is also a Vitest tag: the tags of a spec name the capabilities that it needs, and a
 * target that lacks one skips the spec with a reason.
 */
export const CAPABILITIES = {
  'agent-rpc': 'an agent that answers ttrpc on port 1024',
  'debug-console': 'a root shell in the guest on port 1026',
  'guest-console': 'guests whose console can be read while they run',
  'guest-pull-skopeo': 'an agent whose grpc.Image/PullImage pulls with skopeo and umoci inside the guest',
  'guest-pull-storage': 'an agent and a CDH that pull the image of an image_guest_pull storage inside the guest',
  'guest-components': 'guests with attestation-agent and api-server-rest, which an agent of main starts beside the CDH',
  kbs: 'a KBS (key broker service) from which guests get resources after attestation',
  containers: 'guests in which containers get a root file system: an image that the guest pulls, or a directory',
  'other-users': 'an agent that starts processes of other users than root',
  'main-rpc': 'an agent with the endpoints of Kata’s branch main',
  'agent-policy': 'an agent with the feature agent-policy, which checks requests by a policy in Rego',
  'init-data': 'an agent with the feature init-data, which reads initdata from a disk of its VM',
  seccomp: 'an agent with the feature seccomp, which applies seccomp profiles to processes',
  'disk-storages': 'an agent that mounts disks as storages of containers',
  'endpoint-list':
    'an agent of branch CCv0 in a VM, whose configuration file can restrict the endpoints that it serves',
  'ccv0-rpc':
    'an agent with the endpoints of Kata’s branch CCv0, grpc.Image among them (generations skopeo and image-rs)',
  'guest-exit': 'guests that can be ended one by one, and whose end can be observed',
  'no-sandbox': 'guests that start without a sandbox, in which nothing but a spec calls CreateSandbox',
  'virtual-machine':
    'guests that are VMs started by this project, with memory, processors and disks that a spec can choose',
  'measured-rootfs': 'guests whose root file system dm-verity measures',
  'kernel-modules': 'guests whose kernel loads the module dummy on demand',
  'cloned-guests': 'guests that are clones of a VM template',
  'empty-kernel-parameters': 'guests that get a kernel parameter with an empty value together with its =',
  'runc-compatible-shim': 'a containerd with a runtime registered as io.containerd.kata.v2',
  'kata-shim': 'sandboxes that are VMs started by Kata’s shim and can be looked up by sandbox id',
  'memory-hotplug': 'guests into which Kata’s shim plugs the memory that their containers may use',
  'vcpu-hotplug': 'guests into which Kata’s shim plugs the processors that their containers may use',
  'guest-swap': 'guests to which Kata’s shim adds swap for their containers',
  'kata-ctl': 'the program kata-ctl, which is built beside Kata’s runtime-rs',
  'kata-runtime': 'the programs kata-runtime and kata-monitor, which are built with Kata’s Go runtime',
  cri: 'a containerd whose CRI has the runtime handler kata',
  'nydus-snapshotter': 'guests that pull because containerd’s snapshotter is nydus-snapshotter in proxy mode',
  kubernetes: 'a Kubernetes cluster with the runtime class kata on this machine',
  'cluster-services': 'a Kubernetes cluster whose kube-proxy serves the addresses of services',
  'host-pull': 'a containerd that pulls the images of containers, which their guests do not',
  'ctr-shim-pull-image': "the fork's `ctr shim pull-image`",
  'fault-injection': 'faults that can be injected between guest and registry, and guests that can be frozen',
  'host-processes': 'guests whose processes are processes of this machine',
  'agent-ctl': 'upstream’s own client for the agent, kata-agent-ctl',
  genpolicy: 'a genpolicy, upstream’s generator of agent policies',
  'upstream-policy': "guests with the image policy of upstream's root file system",
  'unsigned-images': 'guests whose image policy accepts the unsigned images of unprotected registries',
  'password-registry': 'a registry that requires a user name and a password',
} as const;

export type Capability = keyof typeof CAPABILITIES;

/** For each capability of a target `true`, or the reason why the target lacks the capability. */
export type CapabilitySet = Readonly<Record<Capability, true | string>>;

/**
 * The agent under test. The kind `stand-in` is this project's own agent and proves nothing about Kata; every report
 * names the agent's kind.
 */
export interface AgentUnderTest {
  readonly kind: 'stand-in' | 'kata-agent';
  readonly version: string;
  /** Commit that the agent reports, 40 digits; absent if the agent reports none. */
  readonly commit?: string;
  /** Repository and revision from which this project built the agent. */
  readonly source?: string;
  /** C library with which this project linked the agent. */
  readonly libc?: 'gnu' | 'musl';
  /** Toolchain with which this project built the agent: `Rust 1.95.0`. */
  readonly toolchain?: string;
  /** Descriptions of how the agent's build differs from upstream's. */
  readonly changes?: readonly string[];
  /** Directory of the .proto files with which the agent was built. */
  readonly protos?: string;
  readonly generation: Generation;
  /** Features with which the agent was built, as far as helpers/kata/features.ts recognises them; absent if unknown. */
  readonly features?: readonly string[];
  /**
   * Absolute path of the policy that guests have as /etc/kata-opa/default-policy.rego; absent for an agent without the
   * feature agent-policy.
   */
  readonly defaultPolicy?: string;
  /** Absolute path of the agent's executable or of the bundled stand-in. */
  readonly path: string;
}

/**
 * How guests run an agent whose ttrpc crate fails to listen where the kernel refuses SO_REUSEPORT for vsock and unix
 * sockets.
 */
export interface ReusePort {
  /** Version of the crate ttrpc in the agent. */
  readonly ttrpc: string;
  /** Absolute path of the program that lets setsockopt(SO_REUSEPORT) succeed in a cgroup (setup/guest/allow-reuseport.c). */
  readonly program: string;
}

/** A registry as the machine running the suite sees it; the guest reaches it under `guestAddress`. */
export interface RegistryEndpoint {
  /** Address of the registry on this machine, `127.0.0.1:PORT`. */
  readonly address: string;
  /**
   * Address of the registry inside the guest, `HOST:PORT`; constant, so that guest images do not change between runs.
   */
  readonly guestAddress: string;
  /**
   * Unix socket through which the guest reaches the registry: the guest's forwarder connects to it (see setup/guest).
   */
  readonly socket: string;
  /** Why the registry runs as a process, although a Docker engine seemed available. */
  readonly notInDocker?: string;
}

/** A containerd that specs can use: one that this run started, or the host's. */
export interface ContainerdEndpoint {
  /** Absolute path of containerd's gRPC socket. */
  readonly socket: string;
  /** Host pid of the init process of containerd's namespaces; 1 if containerd has no namespaces of its own. */
  readonly initPid: number;
  /**
   * containerd's state directory inside its namespaces: shims leave their address below
   * `io.containerd.runtime.v2.task/<namespace>/<id>/address`.
   */
  readonly state: string;
  /** The client to use: the path of containerd's own, or `ctr` for the installed one. */
  readonly ctr: string;
}

/** A Kubernetes cluster whose only node is this machine. */
export interface ClusterEndpoint {
  /** Absolute path of a kubeconfig with administrator rights. */
  readonly kubeconfig: string;
  /** Set if kube-proxy serves the addresses of services. */
  readonly services?: true;
}

/** A kernel for guests. */
export interface GuestKernel {
  /**
   * Origin of the guest kernel. `distro`: the distribution's own; `build`: built with the project's configuration;
   * `source`: built by upstream's scripts.
   */
  readonly kind: 'distro' | 'build' | 'source';
  /** Kernel release, as `uname -r` prints it in the guest. */
  readonly release: string;
  /** Absolute path of the kernel image. */
  readonly image: string;
  /** For a kernel of kind `source`: source of the scripts that built it, and descriptions of changes. */
  readonly source?: string;
  readonly changes?: readonly string[];
}

/** The VM of a guest of this target. */
export interface GuestMachine {
  readonly accelerator: Accelerator;
  /** Why QEMU uses this accelerator (KVM or emulation), as text. */
  readonly acceleration: string;
  readonly kernel: GuestKernel;
  readonly initrd: string;
  /** Read-only disk images of the guest's root file system, lowest layer first. */
  readonly disks: readonly string[];
  /**
   * Read-only disk images with a kata-agent and the programs beside it, whose files a guest mounts over those of its root file system
   * after it was cloned; empty if the agent is the stand-in, which is in `disks`.
   */
  readonly agentDisks: readonly string[];
  /** One more disk layer for guests that need Node.js; `disks` already contains it when the agent is the stand-in. */
  readonly nodeDisk: string;
  readonly vsock: VsockProvider;
  readonly memoryMib: number;
  readonly cpus: number;
  /** Version of the cgroup hierarchy that the agent finds in the guest. */
  readonly cgroup: 1 | 2;
  /** The VM template from which guests are cloned, or the reason why guests are booted instead. */
  readonly template: Template | string;
  /** Disk image of a guest whose kernel mounts a root file system that dm-verity measures; absent without KATA_MEASURED_ROOTFS. */
  readonly measuredImage?: MeasuredImage;
  /** Directory below /dev/shm for the memory of cloned guests. */
  readonly memoryDir: string;
}

/** A log file on this machine that grows during the run. */
export interface LogFile {
  readonly title: string;
  /** Absolute path of the log file. */
  readonly path: string;
}

/**
 * The target under test, as resolved by set-up, as plain JSON: Vitest passes it from its main process to the workers by
 * structured clone, and a machine that was provisioned separately provides it as a file.
 */
export interface Target {
  readonly name: TargetName;
  /** One line for the user: which agent answered, and what that proves. */
  readonly banner: string;
  /** Hypervisor of the guests; `none` if they are not VMs. */
  readonly hypervisor: KataHypervisor | 'none';
  /** Id of this run; everything that the run creates is labelled with it. */
  readonly runId: string;
  /** Directory of this run, short enough for unix sockets below it; `teardown` removes it. */
  readonly runDir: string;
  /** Absolute path of the directory for evidence and reports. */
  readonly reportsDir: string;
  /** Whether evidence is kept for failed tests only or for all tests. A spec file can request it for its own tests. */
  readonly evidence: 'failed' | 'always' | 'never';
  /** File (0600) with a JSON array of secrets to redact. */
  readonly secretsFile: string;
  /** Host logs of the run, such as containerd's and the registries', which are part of the evidence. */
  readonly logs: readonly LogFile[];
  /** Absolute path of kata-agent-ctl, upstream's own client for the agent. */
  readonly agentCtl?: string;
  /** genpolicy, upstream's generator of agent policies. */
  readonly genpolicy?: Genpolicy;
  /** The programs beside the agent that take part in the run. */
  readonly components: readonly Component[];
  /** The versions of what Kata runs with, as far as they take part in the run. */
  readonly versions: readonly RunningVersion[];
  /** Absolute path of the program of a KBS, which fixtures start. */
  readonly kbs?: string;
  /** systemd units whose journal is part of the evidence. */
  readonly journalUnits: readonly string[];
  /** This run's settings that differ from the default, as shell assignments before a command; without secrets. */
  readonly environment: string;
  readonly agent: AgentUnderTest;
  /** Set if the agent needs SO_REUSEPORT to be allowed before it starts. */
  readonly reusePort?: ReusePort;
  readonly registry: RegistryEndpoint;
  readonly passwordRegistry: RegistryEndpoint & { readonly credentialsFile: string };
  /** The containerd that specs use; absent if this target needs none. */
  readonly containerd?: ContainerdEndpoint;
  /** Kata's runtime, whose shim starts the guests; absent on targets without one. */
  readonly runtime?: KataRuntime;
  /** How the guests of this target pull the images of all containers, including those that `ctr` or CRI creates; absent if they do not. */
  readonly guestPull?: GuestPull;
  /** The measured guest image that Kata's configuration names; absent if dm-verity measures none. */
  readonly kataImage?: Pick<MeasuredImage, 'path' | 'verity'>;
  /** The Kubernetes cluster of the target; absent if it has none. */
  readonly kubernetes?: ClusterEndpoint;
  /** The VM of a guest; absent if guests of this target are not VMs. */
  readonly machine?: GuestMachine;
  /** Directory with the content of the guest's /etc/containers: policies, keys, signatures, registries. */
  readonly guestEtcContainers: string;
  /** Digests of the test images by name in the catalogue (fixtures/images): `sha256:<64 hex>` of the manifest. */
  readonly digests: Readonly<Record<ImageName, string>>;
  /** File (0600) with the keys of the encrypted images as resources of a guest: JSON with base64 by path. */
  readonly imageKeysFile: string;
  readonly capabilities: CapabilitySet;
  /** The user's own settings that specs honour (named as in upstream's script). */
  readonly user: {
    readonly pullImage?: string;
    readonly containerId?: string;
    /** File (mode 0600) with the user's `user:password` for PullImage. */
    readonly credentialsFile?: string;
  };
  /** Directory of .proto files that are loaded instead of this project's (`KATA_PROTOS`). */
  readonly protos?: string;
  /** What the client withholds from the agent (`KATA_MUTE`); absent in every run that tests Kata. */
  readonly mute?: Mute | MutesByTest;
  /** Name of the fault in the stand-in agent or in the specs' policies (`KATA_MUTANT`); absent in every run that tests Kata. */
  readonly mutant?: string;
  /** Multiplier of every time limit on this target: 1 natively, more under software emulation. */
  readonly slow: number;
}
