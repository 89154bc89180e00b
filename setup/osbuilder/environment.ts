import { type Environment, minimalEnv } from '../../helpers/exec.ts';
import type { Generation } from '../../helpers/target.ts';

/** What rootfs.sh is to make, and with what. */
export interface RootfsWanted {
  /** Directory with {@link TOOLS}. */
  readonly bin: string;
  /** The release that is unpacked, by its codename. */
  readonly codename: string;
  /** Of the agent that is to be in it. */
  readonly generation: Generation;
  /** Path of this machine's mmdebstrap. */
  readonly mmdebstrap: string;
  /** Proxies and certificates. */
  readonly network: Environment;
  /** A sources.list with the archives that packages are taken from. */
  readonly sources: string;
}

/** Programs of upstream's build container that setup/osbuilder/tool.sh stands for, under their names. */
export const TOOLS = ['debootstrap', 'multistrap', 'mmdebstrap', 'apt', 'MAKEDEV', 'yq'] as const;

/** In every guest: what its registries are reached with, what the agent is linked with, and what specs run there. */
const PACKAGES = ['socat', 'libgcc-s1', 'procps', 'iproute2'];

/** What an agent runs. Upstream builds skopeo and umoci from GitHub; these are the distribution's. */
const PACKAGES_OF: Readonly<Partial<Record<Generation, readonly string[]>>> = {
  skopeo: ['skopeo', 'umoci', 'gpg', 'gpgconf', 'gpg-agent', 'ca-certificates'],
};

/** The environment that rootfs.sh is run in. */
export function rootfsEnvironment(wanted: RootfsWanted): Readonly<Record<string, string>> {
  const { bin, codename, generation, mmdebstrap, network, sources } = wanted;
  return {
    ...network,
    PATH: `${bin}:${minimalEnv()['PATH']}`,
    // Upstream's variables. One of the first two is the release, the other only written down; which, that has changed.
    OS_NAME: codename,
    OS_VERSION: codename,
    EXTRA_PKGS: [...PACKAGES, ...(PACKAGES_OF[generation] ?? [])].join(' '),
    // As the first process it would leave nobody to start anything else.
    AGENT_INIT: 'no',
    // There has to be one. Ours, built without seccomp, is laid over the tree.
    AGENT_SOURCE_BIN: '/bin/true',
    SECCOMP: 'no',
    SOURCE_DATE_EPOCH: '0',
    // Those of tool.sh.
    KATA_CC_MMDEBSTRAP: mmdebstrap,
    KATA_CC_SOURCES: sources,
    KATA_CC_SUITE: codename,
  };
}
