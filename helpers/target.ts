import type { Template } from './qemu/template.ts';
import type { Accelerator } from './qemu/vm-config.ts';
import type { VsockProvider } from './qemu/vsock-backend.ts';

/** Which Kata era answers; decides protos, how an image is pulled, and the texts of a rejection. */
export type Generation = 'skopeo' | 'image-rs' | 'guest-pull';

export type TargetName = 'local' | 'vm' | 'kata';

/**
 * The closed vocabulary of what a target can do. Each is a Vitest tag too: a spec carries the tags it needs, and a target
 * that lacks one skips the spec with the reason given here.
 */
export const CAPABILITIES = {
  'agent-rpc': 'the agent answers ttrpc on port 1024',
  'debug-console': 'a root shell in the guest on port 1026',
  'guest-console': 'what the guest prints can be read while it runs',
  'guest-pull-skopeo': 'grpc.Image/PullImage pulls with skopeo and umoci inside the guest',
  'guest-pull-storage':
    'CreateContainer has the image of a storage of the driver image_guest_pull pulled inside the guest',
  containers: 'an image can be had for a container, either way: pulled when asked for, or for a storage',
  'main-rpc': 'an agent with the endpoints of Kata’s branch main',
  'ccv0-rpc':
    'an agent with the endpoints of Kata’s branch CCv0, grpc.Image among them (generations skopeo and image-rs)',
  'guest-exit': 'a guest can be ended and its end observed without harm to others',
  'virtual-machine': 'a guest is a virtual machine of its own, with a kernel that is the guest’s',
  'cloned-guests': 'guests are clones of one saved virtual machine',
  'empty-kernel-parameters': 'a kernel parameter with an empty value reaches the agent with its =',
  'runc-compatible-shim': 'a containerd with a runtime registered as io.containerd.kata.v2',
  'kata-shim': 'Kata’s own shim starts the sandboxes, each a virtual machine, under an id by which it is found',
  cri: 'a containerd whose container runtime interface has the handler kata',
  kubernetes: 'a cluster whose runtime class kata is served on this machine',
  'ctr-shim-pull-image': "the fork's `ctr shim pull-image`",
  'fault-injection': 'what is between a guest and its registry can be harmed from this machine, and a guest be frozen',
  'host-processes': "a guest's processes are processes of this machine",
  'agent-ctl': 'upstream’s own client for the agent, kata-agent-ctl',
  'upstream-policy': "the image policy of guests is the one of upstream's root file system",
  'unsigned-images': 'the image policy of guests accepts the unsigned images of unprotected registries',
  'password-registry': 'a registry that wants a user name and a password',
} as const;

export type Capability = keyof typeof CAPABILITIES;

/** `true`, or why not. */
export type CapabilitySet = Readonly<Record<Capability, true | string>>;

/** The agent that answers. `stand-in` is ours and proves nothing about Kata; every report says which one it was. */
export interface AgentUnderTest {
  readonly kind: 'stand-in' | 'kata-agent';
  readonly version: string;
  /** 40 digits; absent where the agent knows none. */
  readonly commit?: string;
  /** Repository and revision it was built from by this project. */
  readonly source?: string;
  /** What its build did otherwise than upstream's, in words. */
  readonly changes?: readonly string[];
  /** Directory of the .proto files it was built with. */
  readonly protos?: string;
  readonly generation: Generation;
  /** Absolute path of what runs: an executable, or the bundled stand-in. */
  readonly path: string;
}

/** A registry as the machine running the suite sees it; the guest reaches it under `guestAddress`. */
export interface RegistryEndpoint {
  /** `127.0.0.1:PORT` on this machine. */
  readonly address: string;
  /** `HOST:PORT` inside the guest; constant, so that what is baked into a guest does not change from run to run. */
  readonly guestAddress: string;
  /** Unix socket the guest's forwarder connects to (see helpers/guest). */
  readonly socket: string;
  /** Why it runs as a process, where there seemed to be a Docker engine for it. */
  readonly notInDocker?: string;
}

/** A containerd that this run started. */
export interface ContainerdEndpoint {
  /** Absolute path of its gRPC socket. */
  readonly socket: string;
  /** Pid of the init of its namespaces, as this machine numbers it; 1 when it has none of its own. */
  readonly initPid: number;
  /** Its state directory inside them: shims leave their address below `io.containerd.runtime.v2.task/<namespace>/<id>/address`. */
  readonly state: string;
}

/** A cluster, this machine its only node. */
export interface ClusterEndpoint {
  /** Absolute path of a kubeconfig whose user may do anything. */
  readonly kubeconfig: string;
}

/** A kernel for guests. */
export interface GuestKernel {
  /** `distro`: the distribution's own; `build`: built with the project's configuration; `source`: by upstream's scripts. */
  readonly kind: 'distro' | 'build' | 'source';
  /** As `uname -r` says it in the guest. */
  readonly release: string;
  /** Absolute path of what is booted. */
  readonly image: string;
  /** Whose scripts made it, and what was changed for that; of kind `source`. */
  readonly source?: string;
  readonly changes?: readonly string[];
}

/** The virtual machine a guest of this target is. */
export interface GuestMachine {
  readonly accelerator: Accelerator;
  /** Why it is that one, in words. */
  readonly acceleration: string;
  readonly kernel: GuestKernel;
  readonly initrd: string;
  /** Read-only images, the lowest layer first. */
  readonly disks: readonly string[];
  /** One more layer for guests that need Node.js; among `disks` already when the agent is the stand-in. */
  readonly nodeDisk: string;
  readonly vsock: VsockProvider;
  readonly memoryMib: number;
  readonly cpus: number;
  /** Hierarchy of control groups the agent finds. */
  readonly cgroup: 1 | 2;
  /** What guests are cloned from; or why they are booted instead. */
  readonly template: Template | string;
  /** Directory below /dev/shm for the memory of clones. */
  readonly memoryDir: string;
}

/** A file on this machine that somebody appends to while the run goes on. */
export interface LogFile {
  readonly title: string;
  /** Absolute. */
  readonly path: string;
}

/**
 * What is under test and where: what set-up made, as plain JSON (it crosses from Vitest's main process to the workers
 * by structured clone, and a machine provisioned by somebody else hands it over as a file).
 */
export interface Target {
  readonly name: TargetName;
  /** One line for people: what answered, and what that proves. */
  readonly banner: string;
  /** What runs the guests; `none` where they are no virtual machines. */
  readonly hypervisor: 'qemu' | 'none';
  /** Label of everything this run makes. */
  readonly runId: string;
  /** Directory of this run, short enough for unix sockets below it; `teardown` removes it. */
  readonly runDir: string;
  /** Where evidence and reports go (absolute). */
  readonly reportsDir: string;
  /** Whose evidence is kept: that of failed tests, or of all. A spec file may ask for its own. */
  readonly evidence: 'failed' | 'always';
  /** File (0600) with a JSON array of strings that must not be written down. */
  readonly secretsFile: string;
  /** What this machine writes about the run: containerd's log, the registries'. Part of the evidence. */
  readonly logs: readonly LogFile[];
  /** Absolute path of upstream's own client for the agent. */
  readonly agentCtl?: string;
  /** systemd units whose journal is part of the evidence. */
  readonly journalUnits: readonly string[];
  /** The settings of this run that are not the default, as a shell takes them before a command; no secret among them. */
  readonly environment: string;
  readonly agent: AgentUnderTest;
  readonly registry: RegistryEndpoint;
  readonly passwordRegistry: RegistryEndpoint & { readonly credentialsFile: string };
  /** Absent where nothing needs one. */
  readonly containerd?: ContainerdEndpoint;
  /** Set where whatever image a container is of, its guest pulls it, whoever asks for the container. */
  readonly guestPull?: true;
  /** Absent where there is no cluster. */
  readonly kubernetes?: ClusterEndpoint;
  /** Absent where guests are no virtual machines. */
  readonly machine?: GuestMachine;
  /** Directory with the guest's /etc/containers as the rootfs would carry it: policies, keys, signatures, registries. */
  readonly guestEtcContainers: string;
  /** Image digests by fixture name, `sha256:<64 hex>` of the manifest, as in fixtures/images. */
  readonly digests: Readonly<Record<string, string>>;
  readonly capabilities: CapabilitySet;
  /** The user's own choices that specs honour (the seed's names). */
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
