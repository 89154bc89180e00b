import type { Snapshot } from '../../helpers/git/snapshot.ts';
import type { Cargo } from '../../helpers/toolchain/cargo.ts';
import type { Go } from '../../helpers/toolchain/go.ts';
import type { TargetedConfig } from './validated.ts';

/** A revision of Kata's source. */
export interface KataRevision {
  readonly snapshot: Snapshot;
  /** Repository, revision and commit of the source, for messages. */
  readonly name: string;
}

/** The revision of Kata's source to build, and the toolchains. */
export interface KataSource extends KataRevision {
  readonly cargo: Cargo;
  /** Go toolchain for target `kata`, absent if Go is not installed; the agent alone does not need Go. */
  readonly go?: Go;
}

/** The configuration with everything resolved that depends on this machine or on the network. */
export interface ResolvedConfig extends TargetedConfig, Builds {
  /** Source of Kata; set if the agent or kata-agent-ctl is built from source. */
  readonly source?: KataSource;
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

/** The sources of everything that upstream's scripts build besides Kata's own programs. */
export interface Builds {
  /** The Kata revision with the scripts; set if any of them are run. */
  readonly packaging?: KataRevision;
  /** Set if the kernel is built from another source than the one in the checkout's versions.yaml. */
  readonly customKernel?: CustomKernel;
  /** Set if QEMU is built from another revision than the one in the checkout's versions.yaml. */
  readonly customQemu?: Snapshot;
  /** Set if the CDH is built from source. */
  readonly cdhBuild?: CdhBuild;
}

/** Options of the build of the CDH. */
export interface CdhBuild {
  readonly cargo: Cargo;
  /** The revision of the CDH, if it is not the one in the checkout's versions.yaml. */
  readonly given?: Snapshot;
}
