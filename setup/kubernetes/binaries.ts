import { join } from 'node:path';
import { ProvisionError } from '../../helpers/errors.ts';
import { firstExecutable, namesIn } from '../../helpers/files.ts';
import { run } from '../../helpers/process/exec.ts';
import type { Config } from '../config/validated.ts';
import type { Installation } from '../installation/installation.ts';
import { installPackages, type RepositoryOptions } from './package-repository.ts';

/** The programs of a node. */
export const NODE_PROGRAMS = ['kubeadm', 'kubelet', 'kubectl'] as const;

/** Path of each of Kubernetes' programs. */
export type Binaries = Readonly<Record<(typeof NODE_PROGRAMS)[number], string>>;

const PLACES = ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/opt/bin'];
const INSTALLED_IN = '/usr/local/bin';

/** Where to get Kubernetes' programs that this machine lacks. */
export interface BinariesOptions extends Pick<RepositoryOptions, 'say' | 'signal'> {
  readonly config: Pick<Config, 'kubernetesBundle' | 'kubernetesRepository' | 'outbound'>;
}

/**
 * Finds Kubernetes' programs on this machine, else installs them from the bundle (its `bin/`), else from their package
 * repository. Throws {@link ProvisionError} with the remedies.
 */
export async function findBinaries(installation: Installation, options: BinariesOptions): Promise<Binaries> {
  const { kubernetesBundle: bundle, kubernetesRepository: repository } = options.config;
  const there = await onMachine();
  if (bundle !== undefined) for (const name of missing(there)) there[name] = await brought(name, installation, bundle);
  else if (missing(there).length > 0) {
    await installPackages(installation, { ...options, repository, env: options.config.outbound.network });
    Object.assign(there, await onMachine());
  }
  const [lacks] = missing(there);
  if (lacks !== undefined) throw new ProvisionError('kubernetes', `${repository} provides no ${lacks}`);
  return there as Binaries;
}

async function onMachine(): Promise<Partial<Record<keyof Binaries, string>>> {
  const found = await Promise.all(NODE_PROGRAMS.map(async (name) => [name, await lookUp(name)] as const));
  return Object.fromEntries(found.filter(([, path]) => path !== undefined));
}

function missing(found: Partial<Binaries>): (keyof Binaries)[] {
  return NODE_PROGRAMS.filter((name) => found[name] === undefined);
}

function lookUp(name: string): Promise<string | undefined> {
  return firstExecutable(PLACES.map((place) => join(place, name)));
}

/** Path of a program of a node in a Kubernetes bundle; `undefined` if it has none. */
export function programIn(bundle: string, name: string): Promise<string | undefined> {
  return firstExecutable([join(bundle, 'bin', name)]);
}

async function brought(name: string, installation: Installation, bundle: string): Promise<string> {
  const file = await programIn(bundle, name);
  if (file === undefined) {
    throw new ProvisionError(
      'kubernetes',
      `KATA_KUBERNETES_BUNDLE=${bundle}: it contains no executable bin/${name}, and this machine has no ${name}`,
    );
  }
  const path = join(INSTALLED_IN, name);
  await installation.copy(file, path);
  return path;
}

/** Whether this machine has crictl, with which kubeadm checks the container runtime. */
export async function hasCrictl(): Promise<boolean> {
  return (await lookUp('crictl')) !== undefined;
}

/** The version that a kubeadm reports, such as `v1.20.2`. */
export async function versionOf(kubeadm: string, signal?: AbortSignal): Promise<string> {
  return (await run([kubeadm, 'version', '--output', 'short'], { signal })).stdout.trim();
}

/** Image archives of a Kubernetes bundle (its `images/`), sorted; none without a bundle. */
export async function imagesOf(bundle: string | undefined): Promise<readonly string[]> {
  if (bundle === undefined) return [];
  const directory = join(bundle, 'images');
  return (await namesIn(directory))
    .filter((name) => name.endsWith('.tar'))
    .sort()
    .map((name) => join(directory, name));
}

/**
 * Reference of the pause image in a Kubernetes bundle; `undefined` if it has none. No bundle contains containerd's
 * default pause image.
 */
export async function pauseImageOf(bundle: string | undefined): Promise<string | undefined> {
  for (const archive of await imagesOf(bundle)) {
    const manifest = await run(['tar', '--extract', '--to-stdout', '--file', archive, 'manifest.json'], {
      okCodes: [0, 2],
    });
    // Only archives in Docker's format have a manifest.json; other archives are skipped.
    const images = manifest.exitCode === 0 ? (JSON.parse(manifest.stdout) as readonly DockerImage[]) : [];
    const pause = images.flatMap(({ RepoTags }) => RepoTags ?? []).find((tag) => /\/pause:[^/]+$/.test(tag));
    if (pause !== undefined) return pause;
  }
  return undefined;
}

interface DockerImage {
  readonly RepoTags: readonly string[] | null;
}
