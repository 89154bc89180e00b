import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AptOptions, aptGet, aptGetCommand, downloadFile } from '../../helpers/apt.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import type { Installation } from '../installation/installation.ts';

/** What comes from there; what they depend on comes along. */
const PACKAGES = ['kubeadm', 'kubelet', 'kubectl', 'cri-tools'] as const;

const KEY = '/etc/apt/keyrings/kata-cc-kubernetes.asc';
const LIST = '/etc/apt/sources.list.d/kata-cc-kubernetes.list';

const KEY_TIMEOUT_MS = 20_000;
/** Reads that repository's index, and leaves those of others as they are. */
const THIS_LIST_ALONE = [
  `Dir::Etc::sourcelist=${LIST}`,
  'Dir::Etc::sourceparts=-',
  'APT::Get::List-Cleanup=0',
] as const;

/** Where packages are installed from, and what is said meanwhile. */
export interface RepositoryOptions extends AptOptions {
  /** URL of a flat repository of Debian packages, with its key beside it: as pkgs.k8s.io has one for each minor version. */
  readonly repository: string;
  readonly say: (text: string) => void;
}

/**
 * Installs Kubernetes' programs from their package repository. When the installation is undone, the packages that were not
 * there before go, and the repository with them. Throws {@link ProvisionError} that says how else to get them.
 */
export async function installPackages(installation: Installation, options: RepositoryOptions): Promise<void> {
  const { env, repository, say, signal } = options;
  const network = { env, signal };
  try {
    say(`asking ${repository}`);
    const key = await fetchKey(repository, network);
    await installation.write(KEY, key);
    await installation.write(LIST, `deb [signed-by=${KEY}] ${repository} /\n`);
    await aptGet([...THIS_LIST_ALONE.flatMap((option) => ['-o', option]), 'update'], network);
    const install = ['install', '--yes', '--no-install-recommends', ...PACKAGES];
    const { stdout } = await aptGet(['--simulate', ...install], network);
    const added = newPackages(stdout);
    await installation.defer(aptGetCommand(['purge', '--yes', ...added]));
    say(`installing ${added.join(' ')}`);
    await aptGet(install, network);
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ProvisionError(
      'kubernetes',
      `Kubernetes cannot be installed from ${repository}: ${messageOf(cause)}\nName another repository in KATA_KUBERNETES_REPOSITORY, put kubeadm, kubelet and kubectl on PATH, or name a directory that has them in KATA_KUBERNETES_BUNDLE`,
      { cause },
    );
  }
}

/** The packages that apt would install anew, from what it says when it only simulates. */
export function newPackages(simulated: string): string[] {
  // One that is there already and would be renewed has its version in brackets.
  return [...simulated.matchAll(/^Inst (\S+) \(/gm)].map(([, name = '']) => name);
}

/** By apt's own downloader: what lies behind a proxy for the packages lies behind it for their key. */
async function fetchKey(repository: string, network: AptOptions): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-key-'));
  try {
    const file = join(directory, 'Release.key');
    const url = new URL('Release.key', repository).href;
    await downloadFile(url, file, { ...network, timeoutMs: KEY_TIMEOUT_MS });
    const text = await readFile(file, 'utf8');
    if (text.includes('BEGIN PGP PUBLIC KEY')) return text;
    throw new Error(`${url} is no key: it begins with ${JSON.stringify(text.slice(0, 40))}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
