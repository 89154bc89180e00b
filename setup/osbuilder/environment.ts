import type { Generation } from '../../helpers/contract/target.ts';
import { type Environment, minimalEnv } from '../../helpers/process/exec.ts';

/** Options of rootfs.sh's environment. */
export interface RootfsWanted {
  /** Directory with {@link TOOLS}. */
  readonly bin: string;
  /** Codename of the release to unpack. */
  readonly codename: string;
  /** Generation of the agent that will be added. */
  readonly generation: Generation;
  /** Path of this machine's mmdebstrap. */
  readonly mmdebstrap: string;
  /** Proxies and certificates. */
  readonly network: Environment;
  /** Path of a sources.list with the archives of the packages. */
  readonly sources: string;
}

/** Programs of upstream's build container that setup/osbuilder/tool.sh replaces, under their names. */
export const TOOLS = ['debootstrap', 'multistrap', 'mmdebstrap', 'apt', 'MAKEDEV', 'yq'] as const;

/** Packages of every guest: the forwarder to the registries, libraries of the agent, programs that specs run. */
const PACKAGES = ['socat', 'libgcc-s1', 'procps', 'iproute2'];

/** Packages that an agent runs. Upstream builds skopeo and umoci from GitHub; these are the distribution's. */
const PACKAGES_OF: Readonly<Partial<Record<Generation, readonly string[]>>> = {
  skopeo: ['skopeo', 'umoci', 'gpg', 'gpgconf', 'gpg-agent', 'ca-certificates'],
};

/** The environment of rootfs.sh. */
export function rootfsEnvironment(wanted: RootfsWanted): Readonly<Record<string, string>> {
  const { bin, codename, generation, mmdebstrap, network, sources } = wanted;
  return {
    ...network,
    PATH: `${bin}:${minimalEnv()['PATH']}`,
    // Upstream's variables. One of the first two selects the release, the other is only recorded, depending on the
    // revision.
    OS_NAME: codename,
    OS_VERSION: codename,
    EXTRA_PKGS: [...PACKAGES, ...(PACKAGES_OF[generation] ?? [])].join(' '),
    // As init, the agent would not start our units.
    AGENT_INIT: 'no',
    // rootfs.sh requires an agent binary. Ours, built without seccomp, is added to the tree later.
    AGENT_SOURCE_BIN: '/bin/true',
    SECCOMP: 'no',
    SOURCE_DATE_EPOCH: '0',
    // Variables of tool.sh.
    KATA_CC_MMDEBSTRAP: mmdebstrap,
    KATA_CC_SOURCES: sources,
    KATA_CC_SUITE: codename,
  };
}
