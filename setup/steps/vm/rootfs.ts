import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeErofs } from '../../../helpers/disk/erofs.ts';
import { fileExists, namesIn } from '../../../helpers/files.ts';
import { run } from '../../../helpers/process/exec.ts';
import { distributionSources, sourceLine } from '../../../helpers/toolchain/apt.ts';
import { OSBUILDER_PART, sourceDigest } from '../../config/source-paths.ts';
import type { Config } from '../../config/validated.ts';
import type { ArtefactStep, StepContext } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';

const IMAGE = 'rootfs.erofs';
const OSBUILDER = 'setup/osbuilder/tree.ts';

/** Packages of the guest's root file system. */
const PACKAGES = [
  // the base system, and a shell for debugging
  'base-files base-passwd bash bsdutils busybox-static coreutils dash findutils grep hostname mount procps sed util-linux',
  // programs that agents of generation `skopeo` run, and their dependencies
  'skopeo umoci gpg gpgconf gpg-agent ca-certificates',
  // programs that every agent runs: for GetIPTables and SetIPTables, and for the kernel modules of CreateSandbox
  'iptables kmod',
  // the program with which the CDH encrypts disks
  'cryptsetup-bin',
  // libraries and programs of agents and of the stand-in agent
  'libseccomp2 libdevmapper1.02.1 libstdc++6 libgcc-s1 iproute2 runc socat e2fsprogs erofs-utils',
].flatMap((line) => line.split(' '));

/**
 * Files of packages that the guest's root file system leaves out: documentation, translations, CNI plug-ins and Perl.
 */
const EXCLUDED = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/lib/cni/*'];
const PRUNED = ['usr/share/perl', 'usr/share/perl5', 'usr/lib/cni', 'var/cache', 'var/lib/apt'];

/**
 * Programs of the package iptables under the names that the agent runs; its scripts, which do not run here, would create
 * these links. The legacy ones, because every kernel that guests can have supports them; that of KATA_KERNEL=build has no nftables.
 */
const LEGACY_TABLES = 'xtables-legacy-multi';
const TABLES = ['iptables', 'ip6tables'].flatMap((name) => [name, `${name}-save`, `${name}-restore`]);

/**
 * Step that builds the guest's root file system without agent and policy, as a read-only image: this project's, or
 * upstream's (`KATA_ROOTFS`), which only guests started by Kata's runtime can use.
 */
export const rootfs: ArtefactStep = {
  kind: 'artefact',
  id: 'rootfs',
  module: import.meta.url,
  title: 'guest root file system',
  needs: () => [packages, fetchedSource],
  timeoutMs: 900_000,
  inputs: (config, { codename, distribution }) => {
    const kind = rootfsKind(config);
    const osbuilder = kind === 'osbuilder';
    return {
      digests: osbuilder ? { source: () => sourceDigest(OSBUILDER_PART, config.source, config) } : {},
      without: osbuilder ? [] : [OSBUILDER],
      values: { kind, distribution: `${distribution} ${codename}` },
    };
  },
  async make(directory, context) {
    const { config, say, signal } = context;
    const root = join(directory, 'root');
    if (rootfsKind(config) === 'own') await ownTree(root, context);
    else await (await import('../../osbuilder/tree.ts')).osbuilderTree(root, directory, context);
    await configure(root);
    say('writing the image');
    await makeErofs(root, join(directory, IMAGE), signal);
    await rm(root, { recursive: true });
  },
  read: (directory) => join(directory, IMAGE),
};

/** Kind of a guest's root file system: this project's, or upstream's. */
export function rootfsKind({ rootfs: kind, target }: Pick<Config, 'rootfs' | 'target'>): Config['rootfs'] {
  return target === 'kata' ? kind : 'own';
}

/**
 * Unpacks packages of this machine's distribution without running their scripts, so that the same packages give the
 * same image.
 */
async function ownTree(root: string, { config, host, say, signal }: StepContext): Promise<void> {
  const sources = await distributionSources(host.codename, signal);
  say('downloading and unpacking packages');
  await run([...mmdebstrap(host.codename, root), ...sources.map(sourceLine)], {
    signal,
    env: { ...config.outbound.network, SOURCE_DATE_EPOCH: '0' },
  });
  for (const path of PRUNED) await rm(join(root, path), { recursive: true, force: true });
  for (const path of await namesIn(join(root, 'etc/ssl/certs'))) await rm(join(root, 'etc/ssl/certs', path));
  const master = join(root, 'usr/share/base-passwd');
  await writeFile(join(root, 'etc/passwd'), await readFile(join(master, 'passwd.master')));
  await writeFile(join(root, 'etc/group'), await readFile(join(master, 'group.master')));
  await writeFile(join(root, 'etc/ssl/certs/ca-certificates.crt'), await certificates(root));
  for (const name of TABLES) await symlink(LEGACY_TABLES, join(root, 'usr/sbin', name));
  for (const name of ['dev', 'proc', 'sys', 'run', 'tmp', 'root']) await mkdir(join(root, name), { recursive: true });
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

/** Writes the files of the root file system that must be the guest's own rather than this machine's. */
async function configure(root: string): Promise<void> {
  await rm(join(root, 'etc/containers'), { recursive: true, force: true });
  await writeFile(join(root, 'etc/hostname'), 'kata\n');
  await writeFile(join(root, 'etc/hosts'), '127.0.0.1 localhost kata\n');
  await writeFile(join(root, 'etc/resolv.conf'), '');
  // Agents of generation `skopeo` look for umoci in /usr/local/bin.
  if (!(await fileExists(join(root, 'usr/bin/umoci')))) return;
  await mkdir(join(root, 'usr/local/bin'), { recursive: true });
  await symlink('/usr/bin/umoci', join(root, 'usr/local/bin/umoci'));
}

async function certificates(root: string): Promise<string> {
  const directory = join(root, 'usr/share/ca-certificates/mozilla');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.crt')).sort();
  return (await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')))).join('');
}
