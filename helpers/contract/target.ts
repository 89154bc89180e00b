import type { Template } from '../qemu/template.ts';
import type { Accelerator } from '../qemu/vm-config.ts';
import type { VsockProvider } from '../qemu/vsock-backend.ts';

/** Generation of the agent; decides its protos, how it pulls images, and the error texts of rejections. */
export type Generation = 'skopeo' | 'image-rs' | 'guest-pull';

export type TargetName = 'local' | 'vm' | 'kata';

/**
 * All capabilities of targets. Each is also a Vitest tag: the tags of a spec name the capabilities that it needs, and a
 * target that lacks one skips the spec with a reason.
 */
export const CAPABILITIES = {
  'agent-rpc': 'the agent answers ttrpc on port 1024',
  'debug-console': 'a root shell in the guest on port 1026',
  'guest-console': "the guest's console can be read while the guest runs",
  'guest-pull-skopeo': 'grpc.Image/PullImage pulls with skopeo and umoci inside the guest',
  'guest-pull-storage': 'CreateContainer with an image_guest_pull storage pulls the image inside the guest',
  containers: 'containers can get an image, through PullImage or an image_guest_pull storage',
  'main-rpc': 'an agent with the endpoints of Kata’s branch main',
  'ccv0-rpc':
    'an agent with the endpoints of Kata’s branch CCv0, grpc.Image among them (generations skopeo and image-rs)',
  'guest-exit': 'a guest can be ended, and its end observed, without affecting other guests',
  'virtual-machine': 'each guest is a VM with a kernel of its own',
  'cloned-guests': 'guests are clones of a VM template',
  'empty-kernel-parameters': 'a kernel parameter with an empty value reaches the agent with its =',
  'runc-compatible-shim': 'a containerd with a runtime registered as io.containerd.kata.v2',
  'kata-shim': 'sandboxes are VMs started by Kata’s shim and can be looked up by sandbox id',
  cri: 'a containerd whose CRI has the runtime handler kata',
  kubernetes: 'a Kubernetes cluster with the runtime class kata on this machine',
  'ctr-shim-pull-image': "the fork's `ctr shim pull-image`",
  'fault-injection': 'faults can be injected between guest and registry, and a guest can be frozen',
  'host-processes': "a guest's processes are processes of this machine",
  'agent-ctl': 'upstream’s own client for the agent, kata-agent-ctl',
  'upstream-policy': "the image policy of guests is the one of upstream's root file system",
  'unsigned-images': 'the image policy of guests accepts the unsigned images of unprotected registries',
  'password-registry': 'a registry that requires a user name and a password',
} as const;

export type Capability = keyof typeof CAPABILITIES;

/** For each capability `true`, or the reason why the target lacks it. */
export type CapabilitySet = Readonly<Record<Capability, true | string>>;

/**
 * The agent under test. `stand-in` is this project's and proves nothing about Kata; every report names the agent's
 * kind.
 */
export interface AgentUnderTest {
  readonly kind: 'stand-in' | 'kata-agent';
  readonly version: string;
  /** 40 digits; absent if the agent reports none. */
  readonly commit?: string;
  /** Repository and revision it was built from by this project. */
  readonly source?: string;
  /** Descriptions of how its build differs from upstream's. */
  readonly changes?: readonly string[];
  /** Directory of the .proto files it was built with. */
  readonly protos?: string;
  readonly generation: Generation;
  /** Absolute path of the executable or of the bundled stand-in. */
  readonly path: string;
}

/** A registry as the machine running the suite sees it; the guest reaches it under `guestAddress`. */
export interface RegistryEndpoint {
  /** `127.0.0.1:PORT` on this machine. */
  readonly address: string;
  /** `HOST:PORT` inside the guest; constant, so that guest images do not change between runs. */
  readonly guestAddress: string;
  /** Unix socket the guest's forwarder connects to (see setup/guest). */
  readonly socket: string;
  /** Why it runs as a process, although a Docker engine seemed available. */
  readonly notInDocker?: string;
}

/** A containerd that this run started. */
export interface ContainerdEndpoint {
  /** Absolute path of its gRPC socket. */
  readonly socket: string;
  /** Host pid of the init process of its namespaces; 1 if it has no namespaces of its own. */
  readonly initPid: number;
  /**
   * Its state directory inside them: shims leave their address below
   * `io.containerd.runtime.v2.task/<namespace>/<id>/address`.
   */
  readonly state: string;
}

/** A Kubernetes cluster whose only node is this machine. */
export interface ClusterEndpoint {
  /** Absolute path of a kubeconfig with administrator rights. */
  readonly kubeconfig: string;
}

/** A kernel for guests. */
export interface GuestKernel {
  /**
   * `distro`: the distribution's own; `build`: built with the project's configuration; `source`: by upstream's scripts.
   */
  readonly kind: 'distro' | 'build' | 'source';
  /** Output of `uname -r` in the guest. */
  readonly release: string;
  /** Absolute path of the kernel image. */
  readonly image: string;
  /** For kind `source`: source of the scripts that built it, and descriptions of changes. */
  readonly source?: string;
  readonly changes?: readonly string[];
}

/** The VM of a guest of this target. */
export interface GuestMachine {
  readonly accelerator: Accelerator;
  /** Why this accelerator was chosen, as text. */
  readonly acceleration: string;
  readonly kernel: GuestKernel;
  readonly initrd: string;
  /** Read-only disk images, lowest layer first. */
  readonly disks: readonly string[];
  /** One more layer for guests that need Node.js; among `disks` already when the agent is the stand-in. */
  readonly nodeDisk: string;
  readonly vsock: VsockProvider;
  readonly memoryMib: number;
  readonly cpus: number;
  /** Hierarchy of control groups the agent finds. */
  readonly cgroup: 1 | 2;
  /** The VM template that guests are cloned from, or the reason why they are booted instead. */
  readonly template: Template | string;
  /** Directory below /dev/shm for the memory of clones. */
  readonly memoryDir: string;
}

/** A log file on this machine that grows during the run. */
export interface LogFile {
  readonly title: string;
  /** Absolute. */
  readonly path: string;
}

/**
 * The target under test, as resolved by set-up, as plain JSON: Vitest passes it from its main process to the workers by
 * structured clone, and a machine that was provisioned separately provides it as a file.
 */
export interface Target {
  readonly name: TargetName;
  /** One line for people: which agent answered, and what that proves. */
  readonly banner: string;
  /** Hypervisor of the guests; `none` if they are not VMs. */
  readonly hypervisor: 'qemu' | 'none';
  /** Id of this run, with which everything it creates is labelled. */
  readonly runId: string;
  /** Directory of this run, short enough for unix sockets below it; `teardown` removes it. */
  readonly runDir: string;
  /** Where evidence and reports go (absolute). */
  readonly reportsDir: string;
  /** Whether evidence is kept for failed tests only or for all tests. A spec file can request its own. */
  readonly evidence: 'failed' | 'always';
  /** File (0600) with a JSON array of secrets to redact. */
  readonly secretsFile: string;
  /** Host logs of the run, such as containerd's and the registries'. Part of the evidence. */
  readonly logs: readonly LogFile[];
  /** Absolute path of upstream's own client for the agent. */
  readonly agentCtl?: string;
  /** systemd units whose journal is part of the evidence. */
  readonly journalUnits: readonly string[];
  /** This run's settings that differ from the default, as shell assignments before a command; without secrets. */
  readonly environment: string;
  readonly agent: AgentUnderTest;
  readonly registry: RegistryEndpoint;
  readonly passwordRegistry: RegistryEndpoint & { readonly credentialsFile: string };
  /** Absent if nothing needs one. */
  readonly containerd?: ContainerdEndpoint;
  /** Set if guests pull the images of all containers, including those that `ctr` or CRI creates. */
  readonly guestPull?: true;
  /** Absent if there is no cluster. */
  readonly kubernetes?: ClusterEndpoint;
  /** Absent if guests are not VMs. */
  readonly machine?: GuestMachine;
  /** Directory with the content of the guest's /etc/containers: policies, keys, signatures, registries. */
  readonly guestEtcContainers: string;
  /** Image digests by fixture name, `sha256:<64 hex>` of the manifest, as in fixtures/images. */
  readonly digests: Readonly<Record<string, string>>;
  readonly capabilities: CapabilitySet;
  /** The user's own settings that specs honour (named as in upstream's script). */
  readonly user: {
    readonly pullImage?: string;
    readonly containerId?: string;
    /** File (0600) with the `user:password` for `pullImage`. */
    readonly credentialsFile?: string;
  };
  /** Directory of .proto files to load instead of ours (`KATA_PROTOS`). */
  readonly protos?: string;
  /** Multiplier of every time limit: 1 natively, more under software emulation. */
  readonly slow: number;
}
