import { readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { ifThere, namesIn, readIfThere } from '../files.ts';
import { unmountIfMounted } from '../namespace/mounts.ts';
import { KATA_RUNTIMES, type KataRuntime, RUNTIME_ON_HOST } from './runtimes.ts';

/** A sandbox's network in the Go runtime's persist.json, with the older and the newer field names. */
interface SavedNetwork {
  readonly NetNsPath?: string;
  readonly NetNsCreated?: boolean;
  readonly NetworkID?: string;
  readonly NetworkCreated?: boolean;
}

/** What the runtimes write about a sandbox, as far as it concerns its network. */
interface Saved {
  readonly Network?: SavedNetwork;
  readonly hypervisor?: { readonly netns?: string | null } | null;
}

/** Directory of the network namespaces that have names. Source: ip-netns(8). */
const NAMED = '/run/netns';
/** What the names of the network namespaces begin with that runtime-rs creates. */
const RS_NAME = 'cnitest-';

/** File in a sandbox's directory that names its network, and where in it, by runtime. */
const RECORDS: Readonly<
  Record<KataRuntime, { readonly file: string; readonly own: (saved: Saved) => string | undefined }>
> = {
  // Source: virtcontainers/persist/api/network.go.
  go: {
    file: 'persist.json',
    own: ({ Network = {} }) => {
      const path = Network.NetNsPath ?? Network.NetworkID;
      return (Network.NetNsCreated ?? Network.NetworkCreated) ? path || undefined : undefined;
    },
  },
  // It does not record whether it created the namespace, but has a name of its own for those. Source: HypervisorState of
  // src/runtime-rs/crates/hypervisor, generate_netns_name of src/libs/kata-sys-util.
  rs: {
    file: 'state.json',
    own: ({ hypervisor }) => {
      const path = hypervisor?.netns ?? undefined;
      return path !== undefined && basename(path).startsWith(RS_NAME) ? path : undefined;
    },
  },
};

/**
 * The network namespace that Kata's runtime created for a sandbox, and that only the runtime would remove. `undefined` if it
 * created none: a pod's namespace belongs to its CNI plug-in.
 */
export async function ownNetwork(sandboxId: string): Promise<string | undefined> {
  for (const runtime of KATA_RUNTIMES) {
    const record = RECORDS[runtime];
    const file = join(RUNTIME_ON_HOST[runtime].sandboxes, sandboxId, record.file);
    const text = await readIfThere(file);
    if (text !== undefined) return record.own(parse(text, file) ?? {});
  }
  return undefined;
}

/** Parses a runtime's record of a sandbox. A runtime that is killed while it writes the file leaves it truncated. */
function parse(text: string, file: string): Saved | null {
  try {
    return JSON.parse(text) as Saved | null;
  } catch (cause) {
    const remedy = 'remove the namespace by hand if it exists (see `ip netns list`), then this file, and try again';
    const problem = `is truncated (${messageOf(cause)}), and no other file names the sandbox's network namespace`;
    throw new HarnessError('sandbox', `${file} ${problem}: ${remedy}`, { cause });
  }
}

/** Unmounts and removes a network namespace; the kernel destroys the namespace when its last process ends. */
export async function removeNetwork(path: string): Promise<void> {
  await unmountIfMounted(path);
  await rm(path, { force: true });
}

/** Paths of the network namespaces that runtime-rs created on this machine, whether or not their sandboxes run. */
export async function networksOfRuntimeRs(): Promise<readonly string[]> {
  return (await namesIn(NAMED)).filter((name) => name.startsWith(RS_NAME)).map((name) => join(NAMED, name));
}

/**
 * Removes those of the network namespaces that no process is in. runtime-rs leaves every namespace that it created: it removes the file
 * without unmounting it first, and ignores that this fails. Source: remove() of crates/resource/src/network/network_with_netns.rs at 4.1.0,
 * whose NetNs has no `env`, so that netns-rs 0.1.0 does not unmount it.
 */
export async function removeUnusedNetworks(paths: readonly string[]): Promise<void> {
  const used = paths.length === 0 ? new Set() : await networksInUse();
  for (const path of paths) {
    const network = await ifThere(identityOf(path));
    if (network !== undefined && !used.has(network)) await removeNetwork(path);
  }
}

/** Identities of the network namespaces of all processes. */
async function networksInUse(): Promise<ReadonlySet<string>> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const found = await Promise.all(pids.map((pid) => identityOf(`/proc/${pid}/ns/net`).catch(noneIfHidden)));
  return new Set(found.filter((identity) => identity !== undefined));
}

/** Identity of a namespace, from any file that stands for it. Source: namespaces(7). */
async function identityOf(path: string): Promise<string> {
  const { dev, ino } = await stat(path);
  return `${dev}:${ino}`;
}

/** No namespace for a process that has ended, or that has more privileges than ours, which no VM of a sandbox has. */
function noneIfHidden(error: NodeJS.ErrnoException): undefined {
  if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code ?? '')) throw error;
}
