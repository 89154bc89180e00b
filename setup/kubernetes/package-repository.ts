import { aptGet, aptGetCommand } from '../../helpers/apt.ts';
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
export interface RepositoryOptions {
  /** URL of a flat repository of Debian packages, with its key beside it: as pkgs.k8s.io has one for each minor version. */
  readonly repository: string;
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Installs Kubernetes' programs from their package repository. When the installation is undone, the packages that were not
 * there before go, and the repository with them. Throws {@link ProvisionError} that says how else to get them.
 */
export async function installPackages(installation: Installation, options: RepositoryOptions): Promise<void> {
  const { repository, say, signal } = options;
  try {
    say(`asking ${repository}`);
    const key = await fetchKey(repository, signal);
    await installation.write(KEY, key);
    await installation.write(LIST, `deb [signed-by=${KEY}] ${repository} /\n`);
    await aptGet([...THIS_LIST_ALONE.flatMap((option) => ['-o', option]), 'update'], signal);
    const install = ['install', '--yes', '--no-install-recommends', ...PACKAGES];
    const { stdout } = await aptGet(['--simulate', ...install], signal);
    const added = newPackages(stdout);
    await installation.defer(aptGetCommand(['purge', '--yes', ...added]));
    say(`installing ${added.join(' ')}`);
    await aptGet(install, signal);
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

async function fetchKey(repository: string, signal: AbortSignal | undefined): Promise<string> {
  const limit = AbortSignal.timeout(KEY_TIMEOUT_MS);
  const url = new URL('Release.key', repository);
  const answer = await fetch(url, { signal: signal ? AbortSignal.any([signal, limit]) : limit }).catch(
    (error: unknown) => {
      // What went wrong is in the cause; "fetch failed" is all the error itself says.
      throw error instanceof Error && error.cause !== undefined ? error.cause : error;
    },
  );
  const text = await answer.text();
  if (answer.ok && text.includes('BEGIN PGP PUBLIC KEY')) return text;
  throw new Error(`${url} is no key: ${answer.status} ${answer.statusText}`);
}
