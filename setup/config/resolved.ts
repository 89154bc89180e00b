import type { Snapshot } from '../../helpers/git/snapshot.ts';
import type { KataRuntime } from '../../helpers/kata/runtimes.ts';
import type { Cargo } from '../../helpers/toolchain/cargo.ts';
import type { Go } from '../../helpers/toolchain/go.ts';
import type { TargetedConfig } from './validated.ts';

/** A revision of a source: of Kata, or of another project whose programs are built. */
export interface SourceRevision {
  readonly snapshot: Snapshot;
  /** Repository, revision and commit of the source, for messages. */
  readonly name: string;
}

/** A revision of a source from which cargo builds programs. */
export interface CargoSource extends SourceRevision {
  readonly cargo: Cargo;
}

/** The revision of Kata's source to build, and the toolchains. */
export interface KataSource extends CargoSource {
  /** Go toolchain for target `kata`, absent if Go is not installed; the agent alone does not need Go. */
  readonly go?: Go;
}

/** The configuration with everything resolved that depends on this machine or on the network. */
export interface ResolvedConfig extends TargetedConfig, Builds {
  /** Source of Kata; set if the agent, kata-agent-ctl or genpolicy is built from source. */
  readonly source?: KataSource;
  /** Kata's runtime that is built; absent if nothing of Kata's host side is. */
  readonly builtRuntime?: KataRuntime;
  /** Why this runtime was chosen, if KATA_RUNTIME is `auto`. */
  readonly whyRuntime?: string;
  /** Set if a Kubernetes cluster is needed. */
  readonly cluster?: true;
  /** Why this agent was chosen, if KATA_AGENT is `auto`. */
  readonly why?: string;
}

/** The user's custom kernel source. */
export interface CustomKernel {
  /** Path of a kernel source tree or of an archive. */
  readonly path: string;
  /** Id of the kernel source; it changes with every change of its files. */
  readonly id: string;
}

/** Where everything comes from that is built from source besides Kata's own programs; set for what is built. */
export interface Builds {
  readonly kernelBuild?: KernelOrigin;
  readonly qemuBuild?: QemuOrigin;
  readonly clhBuild?: ComponentOrigin;
  readonly cdhBuild?: ComponentOrigin;
  readonly guestComponentsBuild?: ComponentOrigin;
  readonly kbsBuild?: ComponentOrigin;
  readonly containerdBuild?: ContainerdOrigin;
  readonly nydusBuild?: NydusOrigin;
}

/** Origin of a guest kernel that upstream's scripts build. */
export interface KernelOrigin {
  /** The Kata revision whose tools/packaging/kernel builds the kernel. */
  readonly packaging: SourceRevision;
  /** The kernel source, if it is not the one in the checkout's versions.yaml. */
  readonly custom?: CustomKernel;
}

/** Origin of a QEMU that upstream's scripts build. */
export interface QemuOrigin {
  /** The Kata revision whose tools/packaging scripts build QEMU. */
  readonly packaging: SourceRevision;
  /** The QEMU source, if it is not the one in the checkout's versions.yaml. */
  readonly custom?: Snapshot;
}

/** Origin of programs of another project that cargo builds: the user's revision, or the one that a Kata revision's versions.yaml names. */
export type ComponentOrigin = { readonly cargo: Cargo } & (
  | { readonly custom: SourceRevision; readonly packaging?: never }
  | { readonly custom?: never; readonly packaging: SourceRevision }
);

/** Origin of a containerd that Go builds: the user's revision, or the one that a Kata revision's versions.yaml declares. */
export type ContainerdOrigin = { readonly go: Go } & (
  | {
      readonly custom: SourceRevision;
      readonly packaging?: never;
      readonly declared?: never;
      readonly repository?: never;
    }
  | {
      readonly custom?: never;
      readonly packaging: SourceRevision;
      /** Which entry of versions.yaml it is. */
      readonly declared: 'minimum' | 'latest';
      /** containerd's repository, as the user wrote it. */
      readonly repository: string;
    }
);

/** Origin of a nydus-snapshotter that Go builds: the user's revision, or the one that a Kata revision's versions.yaml names. */
export type NydusOrigin = { readonly go: Go } & (
  | { readonly custom: SourceRevision; readonly packaging?: never; readonly repository?: never }
  | {
      readonly custom?: never;
      readonly packaging: SourceRevision;
      /** The repository of nydus-snapshotter, as the user wrote it. */
      readonly repository: string;
    }
);
