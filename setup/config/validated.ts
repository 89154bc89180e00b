import type { Target, TargetName } from '../../helpers/contract/target.ts';
import type { Libc } from '../../helpers/kata/agent-build.ts';
import type { GuestPull } from '../../helpers/kata/guest-pull.ts';
import type { KataHypervisor } from '../../helpers/kata/hypervisors.ts';
import type { KataRuntime } from '../../helpers/kata/runtimes.ts';
import type { Accelerator } from '../../helpers/qemu/vm-config.ts';
import type { RegistryRunner } from '../../helpers/registry/start.ts';
import type { CargoProfile } from '../../helpers/toolchain/cargo-runner.ts';
import type { Outbound } from './outbound.ts';

/** The user's settings, validated. */
export interface Config {
  readonly target: TargetName | 'auto';
  /** Setting of the agent: `auto`, `stand-in`, `source`, or the absolute path of a kata-agent. */
  readonly agent: string;
  /** Cargo features with which the agent is built; `undefined` for those with which upstream builds it. */
  readonly agentFeatures: readonly string[] | undefined;
  /** C library with which the agent is linked. */
  readonly agentLibc: 'upstream' | Libc;
  /** Profile in which cargo builds the agent; `undefined` for the one that suits the revision. */
  readonly agentProfile: CargoProfile | undefined;
  /** Setting of kata-agent-ctl, upstream's client for the agent: `source`, or the absolute path of its program. */
  readonly agentCtl: string | undefined;
  /** Whether kata-ctl, the command line program of runtime-rs, is built and installed (target `kata`). */
  readonly kataCtl: 'no' | 'source';
  /** Setting of genpolicy: `source`, or the absolute path of its program. */
  readonly genpolicy: string | undefined;
  /** Setting of the CDH (confidential-data-hub) that runs in guests: `source`, or the absolute path of its program. */
  readonly cdh: string | undefined;
  /** Repository and revision of the CDH, if they are not those that Kata names. */
  readonly cdhRepo: string | undefined;
  readonly cdhVersion: string | undefined;
  /** Setting of the guests' attestation-agent and api-server-rest: `source`, or the absolute path of a directory with both. */
  readonly guestComponents: string | undefined;
  /** Setting of the KBS (key broker service) from which guests get resources: `source`, or the absolute path of its program. */
  readonly kbs: string | undefined;
  /** Repository and revision of the KBS, if they are not those that Kata names. */
  readonly kbsRepo: string | undefined;
  readonly kbsVersion: string | undefined;
  /** Verifiers of the KBS besides the sample verifier; `undefined` for those with which upstream builds it. */
  readonly kbsVerifiers: readonly string[] | undefined;
  /** Setting of containerd: `distro`, `source`, or the absolute path of a directory with its programs. */
  readonly containerd: string;
  /** Repository of containerd, and the revision of it to build. */
  readonly containerdRepo: string;
  readonly containerdVersion: string;
  /** How Kata's shim learns that guests pull images; `undefined` for {@link DEFAULT_PULL} where guests have a CDH. */
  readonly pull: GuestPull | undefined;
  /** Setting of nydus-snapshotter: `source`, or the absolute path of a directory with its programs. */
  readonly nydus: string;
  /** Repository of nydus-snapshotter, and the revision of it to build if it is not the one that Kata names. */
  readonly nydusRepo: string;
  readonly nydusVersion: string | undefined;
  /** Directory of .proto files that are loaded instead of this project's. */
  readonly protos: string | undefined;
  /** A policy.json that the guest gets instead of the seed's. */
  readonly policy: string | undefined;
  /** Whether builds of sources run isolated from this machine. */
  readonly buildIsolation: boolean;
  readonly cacheDir: string;
  readonly reportsDir: string;
  /** Directory of the history of runs, which has one line for each full run. */
  readonly historyDir: string;
  /** Whether evidence is kept for failed tests or for all. */
  readonly evidence: Target['evidence'];
  /** Whether an RPC method that the protos declare, with neither a spec nor an excuse, fails a full run. */
  readonly coverageGate: boolean;
  /** Summary file of the CI job, set by GitHub Actions. */
  readonly githubSummary: string | undefined;
  /** How registries run: in Docker or as processes. */
  readonly registryRunner: RegistryRunner;
  /** TCP port of the registry on loopback; 0 takes a free one. */
  readonly registryPort: number;
  readonly pullImage: string | undefined;
  readonly containerId: string | undefined;
  /**
   * Credentials `user:password` for the user's own image. They are written only to a file that the guest's owner can
   * read, and never printed.
   */
  readonly sourceCreds: string | undefined;
  readonly kataRepo: string;
  readonly kataBranch: string;
  /** The guest's kernel: the distribution's, built from the distribution's source, or built by upstream's scripts. */
  readonly kernel: 'distro' | 'build' | 'source';
  /** Directory or archive of the kernel source for upstream's scripts, instead of the source that the scripts fetch. */
  readonly kernelSource: string | undefined;
  /** Whether specs get guests with a root file system that dm-verity measures (target `vm`). */
  readonly measuredRootfs: boolean;
  /** The runtime with whose shim Kata's guests are started (target `kata`). */
  readonly runtime: KataRuntime | 'auto';
  /** The hypervisor of the guests (targets `vm` and `kata`). */
  readonly hypervisor: KataHypervisor;
  /** Setting of Cloud Hypervisor (target `kata`): `source`, or the absolute path of its program. */
  readonly clh: string;
  /** Repository and revision of Cloud Hypervisor, if they are not those that Kata names. */
  readonly clhRepo: string | undefined;
  readonly clhVersion: string | undefined;
  /** The QEMU of Kata's guests (target `kata`): the distribution's, or built by upstream's scripts. */
  readonly qemu: 'distro' | 'source';
  /** Repository and revision of QEMU, if they are not those that Kata names. */
  readonly qemuRepo: string | undefined;
  readonly qemuVersion: string | undefined;
  readonly accelerator: Accelerator | 'auto';
  /** Whether guests are cloned from a VM template. */
  readonly template: boolean;
  readonly guestMemoryMib: number;
  readonly guestCpus: number;
  /** Directory of a Kata install bundle (target `kata`). */
  readonly bundle: string | undefined;
  /** The guest's root file system (target `kata`): this project's, or upstream's. */
  readonly rootfs: 'own' | 'osbuilder';
  /** Debian release of the dev VM. */
  readonly devvmDebian: 'auto' | '12' | '13';
  /** Whether set-up creates a Kubernetes cluster (target `kata`). */
  readonly kubernetes: 'auto' | 'yes' | 'no';
  /** Directory with Kubernetes' programs (`bin/`) and images (`images/*.tar`). */
  readonly kubernetesBundle: string | undefined;
  /** Repository of the images of Kubernetes' control plane, if it is not upstream's. */
  readonly kubernetesImages: string | undefined;
  /** URL of the repository with the packages of Kubernetes. */
  readonly kubernetesRepository: string;
  /** Name of a mutation of the stand-in agent, from setup/commands/mutants. */
  readonly mutant: string | undefined;
  /** Value of KATA_MUTE: what the client withholds from the agent, an RPC method or a field of its requests. */
  readonly mute: string | undefined;
  readonly debug: boolean;
  readonly ci: boolean;
  /** Proxies, certificates and toolchain directories for child processes. May contain credentials. */
  readonly outbound: Outbound;
}

/** A configuration with a resolved target. */
export type TargetedConfig = Config & { readonly target: TargetName };

/** Returns the configuration with its target replaced. */
export function withTarget(target: TargetName, config: Config): TargetedConfig {
  return { ...config, target };
}
