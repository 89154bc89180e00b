import { listSnapshot, rememberedListing } from '../../helpers/git/listing.ts';
import { type Part, partDigest } from '../../helpers/git/part.ts';
import type { Snapshot } from '../../helpers/git/snapshot.ts';
import type { Config } from './config.ts';
import { gitDirectory } from './git-store.ts';

/*
 * The paths of Kata's source from which each program is built, mostly defined by the paths that it does not read: paths
 * that a later Kata adds count as read.
 */

/** Paths that no build reads. */
const NEVER = ['.claude', '.github', 'CODEOWNERS', 'README.md', 'docs', 'snap', 'tests'];

/** The Rust runtime and its hypervisor. */
const RUNTIME_RS = ['src/dragonball', 'src/runtime-rs'];

/** Paths that all of upstream's packaging scripts read. */
const PACKAGING = ['VERSION', 'versions.yaml', 'tools/packaging/scripts'];

/** The agent. Older sources have upstream's client for it in `tools`, later ones in `src/tools`. */
export const AGENT_PART: Part = {
  without: [...NEVER, ...RUNTIME_RS, 'src/runtime', 'src/tools', 'src/trace-forwarder', 'tools'],
};

/** Upstream's client for the agent; later ones start their own VM with the hypervisor of `src/runtime-rs`. */
export const AGENT_CTL_PART: Part = {
  without: [...NEVER, 'src/runtime', 'tools/osbuilder', 'tools/packaging'],
};

/** The runtime and shim in Go. */
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

/** Root file system built by osbuilder: its scripts, the agent's units, and the files that identify its generation. */
export const OSBUILDER_PART: Part = {
  of: [
    ...['VERSION', 'versions.yaml', 'utils.mk', 'ci', 'src/kata-opa', 'tools/osbuilder'],
    ...['src/agent/Makefile', 'src/agent/kata-agent.service.in', 'src/agent/kata-containers.target'],
    ...['src/agent/Cargo.toml', 'src/agent/protocols', 'src/libs/protocols'],
  ],
};

/** Guest kernel built by upstream's script. */
export const KERNEL_PART: Part = { of: [...PACKAGING, 'tools/packaging/kernel'] };

/** QEMU built by upstream's scripts. */
export const QEMU_PART: Part = { of: [...PACKAGING, 'tools/packaging/qemu'] };

/** The CDH of guest-components, in the version that Kata's versions.yaml names. */
export const CDH_PATHS: Part = { of: ['versions.yaml'] };

type Store = Pick<Config, 'cacheDir'>;

/** Digest of a part of a source; a text instead of a digest if the source was never fetched. */
export async function sourceDigest(
  part: Part,
  source: { readonly snapshot: Snapshot } | undefined,
  config: Store,
): Promise<string> {
  if (source === undefined) return 'none';
  const listing = await listSnapshot(source.snapshot, gitDirectory(config));
  return listing === undefined ? 'not fetched yet' : partDigest(listing, part);
}

/** Digest of a part of a commit that was listed before, without access to its repository. */
export async function rememberedDigest(part: Part, commit: string, config: Store): Promise<string | undefined> {
  const listing = await rememberedListing(commit, gitDirectory(config));
  return listing && partDigest(listing, part);
}
