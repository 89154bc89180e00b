import type { Generation } from '../../helpers/contract/target.ts';
import { type Environment, minimalEnv } from '../../helpers/process/exec.ts';

/** Options that decide the environment of osbuilder's rootfs.sh. */
export interface RootfsWanted {
  /** Directory with the replacements of {@link TOOLS}. */
  readonly bin: string;
  /** Codename of the distribution release to unpack. */
  readonly codename: string;
  /** Generation of the agent that will be added to the root file system. */
  readonly generation: Generation;
  /** Path of this machine's mmdebstrap. */
  readonly mmdebstrap: string;
  /** Proxies and certificates as environment variables. */
  readonly network: Environment;
  /** Path of a sources.list with the archives of the packages. */
  readonly sources: string;
}

/** Programs of upstream's build container that setup/osbuilder/tool.sh replaces, under their names. */
export const TOOLS = ['debootstrap', 'multistrap', 'mmdebstrap', 'apt', 'MAKEDEV', 'yq'] as const;

/** Packages in every guest: the forwarder to the registries, libraries of the agent, programs that specs run. */
const PACKAGES = ['socat', 'libgcc-s1', 'libseccomp2', 'procps', 'iproute2'];

/**
 * Packages with programs that an agent runs, by generation. Upstream builds skopeo and umoci from GitHub; these are the
 * distribution's.
 */
const PACKAGES_OF: Readonly<Partial<Record<Generation, readonly string[]>>> = {
  skopeo: ['skopeo', 'umoci', 'gpg', 'gpgconf', 'gpg-agent', 'ca-certificates'],
};

/** The environment in which osbuilder's rootfs.sh runs. */
export function rootfsEnvironment(wanted: RootfsWanted): Readonly<Record<string, string>> {
  const { bin, codename, generation, mmdebstrap, network, sources } = wanted;
  return {
    ...network,
    PATH: `${bin}:${minimalEnv()['PATH']}`,
    // Variables of upstream's script. One of the first two selects the release, and the other is only recorded,
    // depending on the revision.
    OS_NAME: codename,
    OS_VERSION: codename,
    EXTRA_PKGS: [...PACKAGES, ...(PACKAGES_OF[generation] ?? [])].join(' '),
    // Not as init: the agent would not start our units.
    AGENT_INIT: 'no',
    // rootfs.sh requires an agent binary. The actual agent is added to the tree later.
    AGENT_SOURCE_BIN: '/bin/true',
    SECCOMP: 'no',
    SOURCE_DATE_EPOCH: '0',
    // Variables that setup/osbuilder/tool.sh reads.
    KATA_CC_MMDEBSTRAP: mmdebstrap,
    KATA_CC_SOURCES: sources,
    KATA_CC_SUITE: codename,
  };
}
