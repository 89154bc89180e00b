import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { type AptOptions, aptGet, aptGetCommand, downloadFile } from '../../helpers/toolchain/apt.ts';
import type { Installation } from '../installation/installation.ts';

/** Kubernetes' packages to install, with their dependencies. */
const PACKAGES = ['kubeadm', 'kubelet', 'kubectl', 'cri-tools'] as const;

const KEY = '/etc/apt/keyrings/kata-cc-kubernetes.asc';
const LIST = '/etc/apt/sources.list.d/kata-cc-kubernetes.list';

const KEY_TIMEOUT_MS = 20_000;
/** apt options that update the index of the Kubernetes repository only. */
const THIS_LIST_ALONE = [
  `Dir::Etc::sourcelist=${LIST}`,
  'Dir::Etc::sourceparts=-',
  'APT::Get::List-Cleanup=0',
] as const;

/** Options of {@link installPackages}. */
export interface RepositoryOptions extends AptOptions {
  /** URL of a flat Debian repository that also contains its key, such as pkgs.k8s.io has for each minor version. */
  readonly repository: string;
  readonly say: (text: string) => void;
}

/**
 * Installs Kubernetes' programs from their package repository. The undo purges the packages that were not installed
 * before, and removes the repository. Throws {@link ProvisionError} with the alternatives.
 */
export async function installPackages(installation: Installation, options: RepositoryOptions): Promise<void> {
  const { env, repository, say, signal } = options;
  const network = { env, signal };
  try {
    say(`reading ${repository}`);
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
      `Kubernetes cannot be installed from ${repository}: ${messageOf(cause)}\nSet KATA_KUBERNETES_REPOSITORY to another repository, put kubeadm, kubelet and kubectl on PATH, or set KATA_KUBERNETES_BUNDLE to a directory that contains them`,
      { cause },
    );
  }
}

/** The packages that apt would newly install, from the output of `apt-get --simulate`. */
export function newPackages(simulated: string): string[] {
  // Only packages that are not installed match: an installed package that would be upgraded has its version in
  // brackets.
  return [...simulated.matchAll(/^Inst (\S+) \(/gm)].map(([, name = '']) => name);
}

/** Downloads the key of the Kubernetes repository with apt, so that apt's proxy settings also apply to the key. */
async function fetchKey(repository: string, network: AptOptions): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-key-'));
  try {
    const file = join(directory, 'Release.key');
    const url = new URL('Release.key', repository).href;
    await downloadFile(url, file, { ...network, timeoutMs: KEY_TIMEOUT_MS });
    const text = await readFile(file, 'utf8');
    if (text.includes('BEGIN PGP PUBLIC KEY')) return text;
    throw new Error(`${url} is not a PGP public key: it begins with ${JSON.stringify(text.slice(0, 40))}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
