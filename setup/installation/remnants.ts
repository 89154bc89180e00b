import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CTR_NAMESPACE } from '../../helpers/containerd/ctr.ts';
import { CRI_NAMESPACE } from '../../helpers/containerd/server.ts';
import { removeEmptyDirectories } from '../../helpers/empty-directories.ts';
import { HarnessError, messageOf } from '../../helpers/errors.ts';
import { fileExists, isThere, namesIn } from '../../helpers/files.ts';
import { SANDBOX_PARENTS } from '../../helpers/kata/sandbox.ts';
import { cgroupDirectories, removeUnusedCgroup } from '../../helpers/namespace/cgroup.ts';
import { run } from '../../helpers/process/exec.ts';
import { acceptsConnections } from '../../helpers/process/unix-sockets.ts';
import { SHIM_SOCKETS } from '../../helpers/rpc/shim-address.ts';
import type { Installation } from './installation.ts';
import { SYSTEMD } from './systemd.ts';
import { undoScript } from './undo-script.ts';

/** What programs create on a machine and leave there. */
export interface Remnants {
  /** Directories that may exist without a file in them. */
  readonly directories: readonly string[];
  /** Directories whose entries are left as well, such as logs of pods. */
  readonly filled: readonly string[];
  /** Directories of sockets that remain when their servers have ended. */
  readonly sockets: readonly string[];
  /** Names of cgroups. */
  readonly cgroups: readonly string[];
}

/** What Kata and containerd leave of sandboxes. */
const OF_KATA: Remnants = {
  directories: [...SANDBOX_PARENTS, '/run/kata-containers', '/run/vc', '/run/netns', '/var/lib/containers'],
  filled: [],
  // Kata's shim in Go does not remove its socket: https://github.com/kata-containers/kata-containers/issues/6171.
  sockets: [SHIM_SOCKETS],
  // Without a cgroup of its own, a sandbox is in that of its namespace of containerd. Sources of the others: resCtrlKataOverheadID in
  // virtcontainers/sandbox.go and DefaultResourceControllerID in pkg/resourcecontrol of Kata's Go runtime;
  // crates/resource/src/cgroups/utils.rs of runtime-rs.
  cgroups: [CTR_NAMESPACE, CRI_NAMESPACE, 'kata_overhead', 'kata-overhead.slice', 'vc'],
};

/**
 * What the kubelet and the networks of its pods leave. Sources: defaultNodeAllocatableCgroupName in pkg/kubelet/cm, pkg/kubelet/kuberuntime;
 * CacheDir of libcni.
 */
const OF_NODE: Remnants = {
  directories: ['/var/lib/cni/results', '/var/lib/cni'],
  filled: ['/var/log/pods', '/var/log/containers'],
  sockets: [],
  cgroups: ['kubepods', 'kubepods.slice'],
};

/** The remnants of each part of an installation. */
const PARTS = { kata: OF_KATA, node: OF_NODE } as const satisfies Readonly<Record<string, Remnants>>;

type Part = keyof typeof PARTS;

/** Paths of remnants that exist, by kind. */
export type FoundRemnants = Readonly<Record<keyof Remnants, readonly string[]>>;

/**
 * Registers that undo removes the remnants of a part that do not exist now. It must be registered before what creates or removes their
 * content, because undo runs it after that.
 */
export async function removeRemnantsAtUndo(installation: Installation, part: Part): Promise<void> {
  const command = undoScript('setup/installation/remnants-command.ts', part);
  await installation.deferWithRecord(`remnants-of-${part}`, command, () => findRemnants(PARTS[part]));
}

/**
 * Removes the remnants of a part that are not in the record of those that existed before. A kind that an older version did not record yet
 * counts as not there before.
 */
export async function removePart(part: string, before: Partial<FoundRemnants>): Promise<void> {
  await removeRemnants(
    PARTS[part as Part],
    byKind((kind) => before[kind] ?? []),
  );
}

/** The remnants that exist. */
export async function findRemnants(remnants: Remnants): Promise<FoundRemnants> {
  const found = new Map<keyof Remnants, readonly string[]>();
  for (const kind of KIND_NAMES) found.set(kind, await KINDS[kind].find(remnants[kind]));
  return byKind((kind) => found.get(kind) ?? []);
}

/**
 * Removes the remnants that did not exist before. Directories with a file in them, sockets with a server and cgroups with processes are
 * kept; of these, cgroups are in the {@link HarnessError} that it throws at the end.
 */
export async function removeRemnants(remnants: Remnants, before: FoundRemnants): Promise<void> {
  const fresh = newRemnants(before, await findRemnants(remnants));
  const problems: string[] = [];
  for (const kind of KIND_NAMES) {
    for (const path of fresh[kind]) {
      await KINDS[kind].remove(path).catch((error: unknown) => void problems.push(messageOf(error)));
    }
  }
  if (problems.length > 0) throw new HarnessError('remnants', problems.join('\n'));
}

/** The remnants that exist now and did not before, by kind, each before the directory that it is in. */
export function newRemnants(before: FoundRemnants, now: FoundRemnants): FoundRemnants {
  return byKind((kind) =>
    now[kind].filter((path) => !before[kind].includes(path)).sort((one, other) => other.length - one.length),
  );
}

/** How remnants of a kind are found and removed. */
interface RemnantKind {
  /** The paths of them that exist. */
  readonly find: (remnants: readonly string[]) => Promise<readonly string[]>;
  readonly remove: (path: string) => Promise<void>;
}

/** In the order of their removal. */
const KINDS: Readonly<Record<keyof Remnants, RemnantKind>> = {
  directories: { find: existing, remove: removeEmptyDirectories },
  filled: {
    find: (directories) => pathsOfEach(directories, withEntries),
    remove: (path) => rm(path, { recursive: true, force: true }),
  },
  sockets: {
    find: (directories) => pathsOfEach(directories, entriesOf),
    remove: async (path) => {
      if (!(await acceptsConnections(path))) await rm(path, { force: true });
    },
  },
  cgroups: {
    find: async (names) => existing(await pathsOfEach(names, cgroupDirectories)),
    remove: removeCgroupOrSlice,
  },
};

const KIND_NAMES = Object.keys(KINDS) as readonly (keyof Remnants)[];

function byKind(pathsOf: (kind: keyof Remnants) => readonly string[]): FoundRemnants {
  return Object.fromEntries(KIND_NAMES.map((kind) => [kind, pathsOf(kind)])) as Record<
    keyof Remnants,
    readonly string[]
  >;
}

async function pathsOfEach(
  items: readonly string[],
  pathsOf: (item: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  return (await Promise.all(items.map(pathsOf))).flat();
}

async function removeCgroupOrSlice(directory: string): Promise<void> {
  await removeUnusedCgroup(directory);
  const name = basename(directory);
  // systemd keeps the unit of a slice whose cgroup is gone.
  if (name.endsWith('.slice') && (await fileExists(SYSTEMD))) {
    await run(['systemctl', 'stop', name], { okCodes: [0, 5] });
  }
}

async function withEntries(directory: string): Promise<readonly string[]> {
  return (await isThere(directory)) ? [directory, ...(await entriesOf(directory))] : [];
}

async function entriesOf(directory: string): Promise<readonly string[]> {
  return (await namesIn(directory)).map((name) => join(directory, name));
}

async function existing(paths: readonly string[]): Promise<readonly string[]> {
  const there = await Promise.all(paths.map(isThere));
  return paths.filter((_, index) => there[index]);
}
