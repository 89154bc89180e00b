import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProvisionError } from '../../helpers/errors.ts';
import { run } from '../../helpers/exec.ts';
import { firstExecutable } from '../../helpers/files.ts';
import type { Installation } from '../installation/installation.ts';

const NAMES = ['kubeadm', 'kubelet', 'kubectl'] as const;

/** Where each is. */
export type Binaries = Readonly<Record<(typeof NAMES)[number], string>>;

const PLACES = ['/usr/local/bin', '/usr/local/sbin', '/usr/bin', '/usr/sbin', '/opt/bin'];
const INSTALLED_IN = '/usr/local/bin';

/**
 * Kubernetes' programs: those this machine has, else those of `bundle` (its `bin/`), which are installed. Throws
 * {@link ProvisionError} that says how to get them.
 */
export async function findBinaries(installation: Installation, bundle: string | undefined): Promise<Binaries> {
  const found: Partial<Record<keyof Binaries, string>> = {};
  for (const name of NAMES) found[name] = (await onMachine(name)) ?? (await brought(name, installation, bundle));
  return found as Binaries;
}

function onMachine(name: string): Promise<string | undefined> {
  return firstExecutable(PLACES.map((place) => join(place, name)));
}

async function brought(name: string, installation: Installation, bundle: string | undefined): Promise<string> {
  const file = bundle === undefined ? undefined : await firstExecutable([join(bundle, 'bin', name)]);
  if (file === undefined) {
    throw new ProvisionError(
      'kubernetes',
      bundle === undefined
        ? `there is no ${name}: install kubeadm, kubelet and kubectl of one version (https://kubernetes.io/docs/setup), or name a directory that has them in KATA_KUBERNETES_BUNDLE`
        : `KATA_KUBERNETES_BUNDLE=${bundle}: there is no bin/${name} in it that can be executed, and none on this machine`,
    );
  }
  const path = join(INSTALLED_IN, name);
  await installation.copy(file, path);
  return path;
}

/** Whether kubeadm finds what it checks the container runtime with. */
export async function hasCrictl(): Promise<boolean> {
  return (await onMachine('crictl')) !== undefined;
}

/** The version of a kubeadm: `v1.20.2`. */
export async function versionOf(kubeadm: string, signal?: AbortSignal): Promise<string> {
  return (await run([kubeadm, 'version', '--output', 'short'], { signal })).stdout.trim();
}

/** Image archives of a bundle (its `images/`), sorted. */
export async function imagesOf(bundle: string): Promise<readonly string[]> {
  const directory = join(bundle, 'images');
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .filter((name) => name.endsWith('.tar'))
    .sort()
    .map((name) => join(directory, name));
}
