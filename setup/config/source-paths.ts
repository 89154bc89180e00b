import { listSnapshot, rememberedListing } from '../../helpers/git/listing.ts';
import { type Part, partDigest } from '../../helpers/git/part.ts';
import type { Snapshot } from '../../helpers/git/snapshot.ts';
import { gitDirectory } from './git-store.ts';
import type { Config } from './validated.ts';

/*
 * The paths of Kata's source from which each program is built. Most lists name the paths that a build does not read:
 * paths that a later Kata adds then count as read.
 */

/** Paths of Kata's source that no build reads. */
export const NEVER = ['.claude', '.github', 'CODEOWNERS', 'README.md', 'docs', 'snap', 'tests'];

/** Paths of the Rust runtime and its hypervisor in Kata's source. */
const RUNTIME_RS = ['src/dragonball', 'src/runtime-rs'];

/** Paths of Kata's source that all of upstream's packaging scripts read. */
const PACKAGING = ['VERSION', 'versions.yaml', 'tools/packaging/scripts'];

/**
 * Paths of Kata's source that the build of the agent reads. Older sources have kata-agent-ctl in `tools`, later ones in
 * `src/tools`.
 */
export const AGENT_PART: Part = {
  without: [...NEVER, ...RUNTIME_RS, 'src/runtime', 'src/tools', 'src/trace-forwarder', 'tools'],
};

/**
 * Paths that the builds of kata-agent-ctl and genpolicy read, which are in one workspace; later versions of kata-agent-ctl start a VM with the hypervisor of
 * `src/runtime-rs`.
 */
export const AGENT_CTL_PART: Part = {
  without: [...NEVER, 'src/runtime', 'tools/osbuilder', 'tools/packaging'],
};

/** Paths that the build of runtime-rs reads: the directory of its sources, and Kata's libraries. */
export const RUNTIME_RS_PART: Part = {
  without: [...NEVER, 'src/agent', 'src/kata-opa', 'src/runtime', 'src/tools', 'src/trace-forwarder', 'tools'],
};

/** Paths that the build of the Go runtime and shim reads. */
export const RUNTIME_PART: Part = {
  without: [
    ...NEVER,
    ...RUNTIME_RS,
    'src/agent',
    'src/kata-opa',
    'src/libs',
    'src/tools',
    'src/trace-forwarder',
    'tools',
  ],
};

/**
 * Paths that osbuilder's build of the root file system reads: its scripts, the agent's units, and the files that
 * identify the agent's generation.
 */
export const OSBUILDER_PART: Part = {
  of: [
    ...['VERSION', 'versions.yaml', 'utils.mk', 'ci', 'src/kata-opa', 'tools/osbuilder'],
    ...['src/agent/Makefile', 'src/agent/kata-agent.service.in', 'src/agent/kata-containers.target'],
    ...['src/agent/Cargo.toml', 'src/agent/protocols', 'src/libs/protocols'],
  ],
};

/** Paths that upstream's script reads to build the guest kernel. */
export const KERNEL_PART: Part = { of: [...PACKAGING, 'tools/packaging/kernel'] };

/** Paths that upstream's scripts read to build QEMU. */
export const QEMU_PART: Part = { of: [...PACKAGING, 'tools/packaging/qemu'] };

/** Paths of Kata's source that decide the versions of other projects: versions.yaml names them. */
export const VERSIONS_PART: Part = { of: ['versions.yaml'] };

type Store = Pick<Config, 'cacheDir'>;

/** Digest of a subset of Kata's source; a text instead of a digest if the source was never fetched. */
export async function sourceDigest(
  part: Part,
  source: { readonly snapshot: Snapshot } | undefined,
  config: Store,
): Promise<string> {
  if (source === undefined) return 'none';
  const listing = await listSnapshot(source.snapshot, gitDirectory(config));
  return listing === undefined ? 'not fetched yet' : partDigest(listing, part);
}

/** Digest of a subset of a commit that was listed before, without access to the commit's repository. */
export async function rememberedDigest(part: Part, commit: string, config: Store): Promise<string | undefined> {
  const listing = await rememberedListing(commit, gitDirectory(config));
  return listing && partDigest(listing, part);
}
