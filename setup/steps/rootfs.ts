import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AptSource, distributionSources } from '../../helpers/apt.ts';
import { makeErofs } from '../../helpers/erofs.ts';
import { run } from '../../helpers/exec.ts';
import type { ArtefactStep } from '../step.ts';
import { packages } from './packages.ts';
import { projectPath } from './project.ts';

const IMAGE = 'rootfs.erofs';

/** What is in a guest besides the agent. */
const PACKAGES = [
  // a system that starts, and a shell to look around in
  'base-files base-passwd bash bsdutils busybox-static coreutils dash findutils grep hostname mount procps sed util-linux',
  // what the agent of generation `skopeo` runs, and what that needs
  'skopeo umoci gpg gpgconf gpg-agent ca-certificates iptables',
  // what agents and the stand-in are linked with or run
  'libseccomp2 libstdc++6 libgcc-s1 iproute2 perl-base runc socat',
].flatMap((line) => line.split(' '));

/** Not in a guest: documentation, languages, network plug-ins and Perl that come along with packages. */
const EXCLUDED = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/lib/cni/*'];
const PRUNED = ['etc/containers', 'usr/share/perl', 'usr/share/perl5', 'usr/lib/cni', 'var/cache', 'var/lib/apt'];

/**
 * The guest's root file system without agent and policy, as a read-only image. Packages of this machine's own
 * distribution are unpacked, not installed: their scripts do not run, and the same packages give the same image.
 */
export const rootfs: ArtefactStep = {
  kind: 'artefact',
  id: 'rootfs',
  title: "the guest's root file system",
  needs: [packages],
  timeoutMs: 600_000,
  inputs: (_config, { codename, distribution }) => ({
    files: { how: projectPath('setup/steps/rootfs.ts') },
    values: { distribution: `${distribution} ${codename}` },
  }),
  async make(directory, { host, say, signal }) {
    const sources = await distributionSources(host.codename, signal);
    const root = join(directory, 'root');
    say('downloading and unpacking packages');
    await run([...mmdebstrap(host.codename, root), ...sources.map(sourceLine)], {
      signal,
      env: { SOURCE_DATE_EPOCH: '0' },
    });
    await configure(root);
    say('writing the image');
    await makeErofs(root, join(directory, IMAGE), signal);
    await rm(root, { recursive: true });
  },
};

/** The image in the artefact. */
export function rootfsIn(directory: string): string {
  return join(directory, IMAGE);
}

function mmdebstrap(codename: string, root: string): string[] {
  return [
    ...['mmdebstrap', '--quiet', '--mode=root', '--variant=extract', '--format=directory'],
    '--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr',
    `--include=${PACKAGES.join(',')}`,
    ...EXCLUDED.map((path) => `--dpkgopt=path-exclude=${path}`),
    ...[codename, root],
  ];
}

function sourceLine({ components, suite, uri }: AptSource): string {
  return `deb ${uri} ${suite} ${components.join(' ')}`;
}

/** Does what the packages' scripts would have done, as far as a guest needs it. */
async function configure(root: string): Promise<void> {
  for (const path of PRUNED) await rm(join(root, path), { recursive: true, force: true });
  for (const path of await readdir(join(root, 'etc/ssl/certs')).catch(() => []))
    await rm(join(root, 'etc/ssl/certs', path));
  const master = join(root, 'usr/share/base-passwd');
  await writeFile(join(root, 'etc/passwd'), await readFile(join(master, 'passwd.master')));
  await writeFile(join(root, 'etc/group'), await readFile(join(master, 'group.master')));
  await writeFile(join(root, 'etc/ssl/certs/ca-certificates.crt'), await certificates(root));
  await writeFile(join(root, 'etc/hostname'), 'kata\n');
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost kata\n');
  // Where the agent of generation `skopeo` looks for it.
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await symlink('/usr/bin/umoci', join(root, 'usr/local/bin/umoci'));
  for (const name of ['dev', 'proc', 'sys', 'run', 'tmp', 'root']) await mkdir(join(root, name), { recursive: true });
}

async function certificates(root: string): Promise<string> {
  const directory = join(root, 'usr/share/ca-certificates/mozilla');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.crt')).sort();
  return (await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')))).join('');
}
